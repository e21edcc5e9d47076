-- What a filter of the redemptions can be narrowed to, $search somewhere in it.
-- One row per value with its number of redemptions, the most first, 1,001 at
-- most.
select
    case $field
        when 'site' then coalesce(site_ref, '(no site)')
        when 'campaign' then campaign_of(campaign_id, campaign_name)
    end as value,
    case $field when 'campaign' then min(campaign_name) end as name,
    total(redemptions) as count,
from chosen_site_totals($site_totals, $filters)
group by value
having
    has_text($search, value)
    or ($field = 'campaign' and bool_or(has_text($search, campaign_name)))
order by count desc, value
limit 1001
