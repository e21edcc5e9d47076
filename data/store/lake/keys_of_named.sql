-- What a cluster is asked about then: the codes of the staged transactions.
-- One row per code, with what it looks like and the digits of that.
create or replace temp table keys_of_file as
select code, looks(code) as look, digits(look) as digits,
from codes_named;
