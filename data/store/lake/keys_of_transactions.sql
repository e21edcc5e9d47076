-- What a cluster is asked about first for a staged file of transactions: which
-- of them are known.

-- One row per code that is asked about: none.
create or replace temp table keys_of_file as
select '' as code, '' as look, '' as digits,
where false;

-- One row per transaction of the file.
create or replace temp table numbers_of_file as
select distinct transaction_id
from staged;
