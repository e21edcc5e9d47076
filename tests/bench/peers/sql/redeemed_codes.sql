-- How many known codes were redeemed.
-- One row.
select count(*) as redeemed_codes
from codes
join (
    select distinct group_name, code
    from transactions
    where not cancelled and {transactions}
) as redeemed using (group_name, code)
