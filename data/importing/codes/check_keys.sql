-- How many different codes a staged file has.
-- One row.
select count(*)
from (select distinct group_name, code from staged)
