-- How many codes can still be redeemed, and how many of them expire soon.
-- One row. A code with any redemption by then is redeemed, cancelled or deleted.
select
    count(*) as outstanding,
    count(*) filter (where expiry_date <= $in_7_days) as expiring_7,
    count(*) filter (where expiry_date <= $in_14_days) as expiring_14,
    count(*) filter (where expiry_date <= $in_30_days) as expiring_30
from codes
where
    {codes}
    and (start_date is null or start_date <= $asof)
    and (expiry_date is null or expiry_date > $asof)
    and not exists (
        select 1
        from transactions
        where
            transactions.code = codes.code
            and transactions.group_name = codes.group_name
            and transactions.time <= $asof
    )
