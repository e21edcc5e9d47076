-- How many rows there are, all of which the other queries look through.
-- One row per table.
select 'codes' as kind, count(*) as rows
from vouchers.codes
union all
select 'transactions', count(*)
from vouchers.transactions
