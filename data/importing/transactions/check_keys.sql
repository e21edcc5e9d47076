-- How many different transactions a staged file has.
-- One row.
select count(*)
from (select distinct transaction_id from staged)
