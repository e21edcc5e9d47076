-- The digest of all rows of a store, in their order.
-- One row per table.
select
    'codes' as kind,
    count(*) as rows,
    coalesce(bit_xor(hash(row)), 0) as digest,
from (
    select (codes, row_number() over ()) as row
    from vouchers.codes
)
union all
select
    'transactions',
    count(*),
    coalesce(bit_xor(hash(row)), 0),
from (
    select (transactions, row_number() over ()) as row
    from vouchers.transactions
)
order by kind
