-- Which group worked: codes issued, codes redeemed and redemptions of each.
-- One row per group, the best redemption rate first.
with
    issued as (
        select
            coalesce(group_name, '(no group)') as group_name,
            total(codes) as codes_issued,
        from chosen_code_totals($code_totals, $filters)
        group by all
    ),

    used as (
        select
            coalesce(group_name, '(no group)') as group_name,
            total(redeemed_codes) as redeemed_codes,
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
    wilson_low(coalesce(redeemed_codes, 0), codes_issued) as low,
    wilson_high(coalesce(redeemed_codes, 0), codes_issued) as high,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
from issued
full join used using (group_name)
order by redemption_rate desc nulls last, codes_issued desc, group_name
