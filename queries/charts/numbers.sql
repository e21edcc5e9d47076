-- What the tiles say of the chosen codes and redemptions.
-- One row. Live codes could be redeemed in the chosen period, or were.
with
    issued as (
        select
            total(codes) as codes_issued,
            total(if(is_live, codes, 0)) as live_by_dates,
            total(active) as outstanding,
            total(if(days_left <= 7, active, 0)) as expiring_7,
            total(if(days_left <= 14, active, 0)) as expiring_14,
            total(if(days_left <= 30, active, 0)) as expiring_30,
        from (
            select
                codes,
                is_live,
                if(status = 'active', codes, 0) as active,
                epoch(expiry_date - $asof) / 86400 as days_left,
            from chosen_code_totals($code_totals, $filters)
        )
    ),

    used as (
        select
            total(redemptions) as redemptions,
            total(cancellations) as cancelled,
            total(net) as net,
            total(redeemed_codes) as redeemed_codes,
            total(redeemed_not_live) as redeemed_not_live,
            total(if(is_known, net, 0)) as scans,
            total(units) as units_given,
            total(units_unknown) as units_unknown,
            total(if(is_known, 0, redemptions)) as of_unknown_codes,
            total(if(from_codes_file, redemptions, 0)) as from_codes_files,
            min(hour) as first_hour,
            max(hour) as last_hour,
        from chosen_redemption_totals($redemption_totals, $filters)
    )

select
    * exclude (live_by_dates, redeemed_not_live),
    live_by_dates + redeemed_not_live as codes_live,
    redeemed_codes as redeemed_live,
    redemption_rate(redeemed_live, codes_live) as live_rate,
    $data_until::timestamp as data_until,
    redemption_rate(redeemed_codes, codes_issued) as redemption_rate,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
    scans_per_redeemed_code(net, redeemed_codes) as scans_per_redeemed_code,
from issued, used
