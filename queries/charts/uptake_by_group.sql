-- Which group worked: codes issued, codes redeemed and redemptions of each.
-- One row per group, the best redemption rate first. Live codes could be
-- redeemed in the chosen period, or were; live_rate is of these.
with
    issued as (
        select
            coalesce(group_name, '(no group)') as group_name,
            total(codes) as codes_issued,
            total(if(is_live, codes, 0)) as live_by_dates,
        from chosen_code_totals($code_totals, $filters)
        group by all
    ),

    used as (
        select
            coalesce(group_name, '(no group)') as group_name,
            total(redeemed_codes) as redeemed_codes,
            total(redeemed_not_live) as redeemed_not_live,
            total(net) as net,
            total(cancellations) as cancelled,
        from chosen_redemption_totals($redemption_totals, $filters)
        group by all
    )

select
    group_name,
    coalesce(codes_issued, 0) as codes_issued,
    coalesce(redeemed_codes, 0) as redeemed_codes,
    redemption_rate(coalesce(redeemed_codes, 0), codes_issued)
    as redemption_rate,
    coalesce(live_by_dates, 0) + coalesce(redeemed_not_live, 0) as codes_live,
    redemption_rate(coalesce(redeemed_codes, 0), codes_live) as live_rate,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
from issued
full join used using (group_name)
order by redemption_rate desc nulls last, codes_issued desc, group_name
