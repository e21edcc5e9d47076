-- How many codes could be redeemed in the period by their dates, or were.
-- One row.
select count(*) as codes_live
from codes
where
    {codes}
    and (
        (
            (start_date is null or start_date < $until_day)
            and (expiry_date is null or expiry_date > $from_day)
        )
        or exists (
            select 1
            from transactions
            where
                transactions.code = codes.code
                and transactions.group_name = codes.group_name
                and not transactions.cancelled
                and transactions.time >= $from_day
                and transactions.time < $until_day
        )
    )
