-- What a cluster is asked about for a staged file of codes.

-- One row per code of the file, with what it looks like and the digits of that.
create or replace temp table keys_of_file as
select distinct code, looks(code) as look, digits(look) as digits,
from staged;

-- One row per transaction that is asked about by its number: none.
create or replace temp table numbers_of_file as
select '' as transaction_id
where false;
