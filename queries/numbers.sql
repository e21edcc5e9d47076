-- What the tiles say of the chosen codes and redemptions.
-- One row.
with
    issued as (
        select
            count(*) as codes_issued,
            count(*) filter (status = 'active') as outstanding,
            count(*) filter (days_left <= 7) as expiring_7,
            count(*) filter (days_left <= 14) as expiring_14,
            count(*) filter (days_left <= 30) as expiring_30,
        from (
            select
                status,
                if(
                    status = 'active',
                    epoch(expiry_date - $filters['asof']) / 86400,
                    null
                ) as days_left,
            from chosen_codes($filters)
        )
    ),

    used as (
        select
            count(*) as redemptions,
            count(*) filter (cancelled) as cancelled,
            count(*) filter (not cancelled) as net,
            count(distinct code_id) filter (not cancelled) as redeemed_codes,
            count(*) filter (not cancelled and code_id is not null) as scans,
            coalesce(
                sum(redemption_quantity) filter (
                    not cancelled and redemption_type = 'Item'
                ),
                0
            )::bigint as units_given,
            count(*) filter (
                not cancelled
                and (
                    code_id is null
                    or (
                        redemption_type = 'Item' and redemption_quantity is null
                    )
                )
            ) as units_unknown,
            count(*) filter (code_id is null) as of_unknown_codes,
            count(*) filter (from_codes_file) as from_codes_files,
            min(time) as first_time,
            max(time) as last_time,
        from chosen_transactions($filters)
    )

select
    *,
    redeemed_codes / nullif(codes_issued, 0) as redemption_rate,
    cancelled / nullif(redemptions, 0) as cancellation_rate,
    net / nullif(redeemed_codes, 0) as scans_per_redeemed_code,
from issued, used
