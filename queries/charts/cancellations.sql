-- How often redemptions are cancelled, by $by: site, group or campaign.
-- One row per name, the most cancelled redemptions first.
with
    site as (
        select
            coalesce(site_ref, '(no site)') as name,
            cancellations,
            redemptions,
        from chosen_site_totals($site_totals, $filters)
    ),

    "group" as (
        select
            coalesce(group_name, '(no group)') as name,
            cancellations,
            redemptions,
        from chosen_redemption_totals($redemption_totals, $filters)
    ),

    campaign as (
        select
            campaign_of(campaign_id, campaign_name) as name,
            cancellations,
            redemptions,
        from chosen_redemption_totals($redemption_totals, $filters)
    ),

    -- Only the one that is named is planned: a union takes 3 ms longer.
    names as (
        select
            name,
            total(cancellations) as cancelled,
            total(redemptions) as redemptions,
        from query_table($by)
        group by all
    )

select
    name,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
    cancelled,
    redemptions,
from names
order by cancelled desc, redemptions desc, name
