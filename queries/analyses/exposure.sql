-- How many outstanding codes expire on which of the next 90 days, and what
-- share of such codes of past batches of the group was redeemed by then.
-- One row per group, day of expiry and days left, the soonest first; those that
-- expire later (reach) or never are one row each per group.
with
    active as (
        select
            coalesce(group_name, '(no group)') as group_name,
            days_left($asof::timestamp, expiry_date) as days,
            case
                when expiry_date is null then 'never'
                when days > 90 then 'later'
                else 'soon'
            end as reach,
            if(
                reach = 'soon', date_trunc('day', expiry_date)::timestamp, null
            ) as expires,
            if(reach = 'soon', days, null) as days_left,
            codes,
        from chosen_code_totals($code_totals, $filters)
        where status = 'active'
    ),

    outstanding as (
        select group_name, reach, expires, days_left, total(codes) as codes
        from active
        group by all
    )

select
    group_name,
    reach,
    expires,
    days_left,
    codes,
    coalesce(batches, 0) as batches,
    coalesce(past_codes, 0) as past_codes,
    coalesce(past_redeemed, 0) as past_redeemed,
    size,
    share,
    spread,
from outstanding
left join past_shares($filters, $asof::timestamp) using (group_name, days_left)
order by expires nulls last, reach, days_left, group_name
