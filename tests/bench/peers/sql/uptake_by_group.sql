-- Which group worked.
-- One row per group.
with
    issued as (
        select group_name, count(*) as codes_issued
        from codes
        where {codes}
        group by group_name
    ),

    redeemed as (
        select codes.group_name, count(*) as redeemed_codes
        from codes
        join (
            select distinct group_name, code
            from transactions
            where not cancelled and {transactions}
        ) as used on used.group_name = codes.group_name and used.code = codes.code
        group by codes.group_name
    ),

    used as (
        select
            group_name,
            count(*) filter (where not cancelled) as net,
            count(*) filter (where cancelled) as cancelled
        from transactions
        where {transactions}
        group by group_name
    )

select
    group_name,
    codes_issued,
    redeemed_codes,
    1.0 * redeemed_codes / codes_issued as redemption_rate,
    net,
    cancelled
from issued
full join used using (group_name)
left join redeemed using (group_name)
order by redemption_rate desc
