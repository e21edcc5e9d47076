-- Fifty codes with what became of them, sorted by what the codes file says.
-- One row per code.
with page as (
    select *
    from codes
    where {codes}
    order by {sort} nulls last, code
    limit 50 offset $offset
)

select
    page.*,
    (
        select count(*)
        from transactions
        where
            transactions.code = page.code
            and transactions.group_name = page.group_name
            and not transactions.cancelled
    ) as scans,
    (
        select min(time)
        from transactions
        where
            transactions.code = page.code
            and transactions.group_name = page.group_name
            and not transactions.cancelled
    ) as first_redeemed
from page
