-- How many outstanding codes expire on which of the next 90 days, and what
-- share of such codes of past batches of the group that ran about as long was
-- redeemed by then.
-- One row per group, day of expiry, days left and lifetime in days, the soonest
-- first; those that expire later (reach) or never are one row each per group.
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
            if(
                reach = 'soon', lifetime_of(start_date, expiry_date), null
            ) as lifetime,
            codes,
        from chosen_code_totals($code_totals, $filters)
        where status = 'active'
    ),

    outstanding as (
        select * exclude (days, codes), total(codes) as codes
        from active
        group by all
    )

select
    outstanding.group_name,
    reach,
    expires,
    outstanding.days_left,
    outstanding.lifetime,
    codes,
    coalesce(batches, 0) as batches,
    coalesce(past_codes, 0) as past_codes,
    coalesce(past_redeemed, 0) as past_redeemed,
    size,
    share,
    spread,
from outstanding
left join past_shares($filters, $asof::timestamp) as past
    on past.group_name = outstanding.group_name
    and past.days_left = outstanding.days_left
    and past.lifetime is not distinct from outstanding.lifetime
order by expires nulls last, reach, days_left, group_name, lifetime
