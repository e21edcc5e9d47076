-- How often redemptions are cancelled, by $by: site, group or campaign.
-- One row per name, the most cancelled redemptions first.
with
    named as (
        select
            coalesce(site_ref, '(no site)') as name,
            cancellations,
            redemptions,
        from chosen_site_totals($filters)
        where $by = 'site'
        union all
        select
            case $by
                when 'group' then coalesce(group_name, '(no group)')
                else coalesce(campaign_id, campaign_name, '(no campaign)')
            end as name,
            cancellations,
            redemptions,
        from chosen_redemption_totals($filters)
        where $by <> 'site'
    ),

    names as (
        select
            name,
            total(cancellations) as cancelled,
            total(redemptions) as redemptions,
        from named
        group by all
    )

select
    name,
    cancelled / redemptions as cancellation_rate,
    cancelled,
    redemptions,
from names
order by cancelled desc, redemptions desc, name
