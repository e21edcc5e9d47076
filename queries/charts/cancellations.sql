-- How often redemptions are cancelled, by $by: site, group or campaign.
-- One row per name, the most cancelled redemptions first, then what has no
-- name; and by site last, from_codes_file, those known only from codes files,
-- which tell no site. low to high: Wilson's interval of the rate, 95 %.
with
    site as (
        select
            if(from_codes_file, null, coalesce(site_ref, '(no site)')) as name,
            from_codes_file,
            cancellations,
            redemptions,
        from chosen_site_totals($site_totals, $filters)
    ),

    "group" as (
        select
            coalesce(group_name, '(no group)') as name,
            false as from_codes_file,
            cancellations,
            redemptions,
        from chosen_redemption_totals($redemption_totals, $filters)
    ),

    campaign as (
        select
            campaign_of(campaign_id, campaign_name) as name,
            false as from_codes_file,
            cancellations,
            redemptions,
        from chosen_redemption_totals($redemption_totals, $filters)
    ),

    -- Only the one that is named is planned: a union takes 3 ms longer.
    names as (
        select
            name,
            from_codes_file,
            total(cancellations) as cancelled,
            total(redemptions) as redemptions,
        from query_table($by)
        group by all
    )

select
    name,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
    wilson_low(cancelled, redemptions) as low,
    wilson_high(cancelled, redemptions) as high,
    cancelled,
    redemptions,
    from_codes_file,
from names
order by
    from_codes_file,
    name = '(no ' || $by || ')',
    cancelled desc,
    redemptions desc,
    name
