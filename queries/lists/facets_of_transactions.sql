-- What the filters of the redemptions can be narrowed to.
-- One row per field and value with its number of redemptions, the most first,
-- 1,001 of a field at most.
select
    if(grouping(site) = 0, 'site', 'campaign') as field,
    if(field = 'site', site, campaign) as value,
    if(field = 'site', null, min(campaign_name)) as name,
    total(redemptions) as count,
from (
    select
        coalesce(site_ref, '(no site)') as site,
        campaign_of(campaign_id, campaign_name) as campaign,
        campaign_name,
        redemptions,
    from chosen_site_totals($site_totals, $filters)
)
group by grouping sets ((site), (campaign))
qualify
    row_number() over (partition by field order by count desc, value) <= 1001
order by field, count desc, value
