-- In which sites redemptions are cancelled.
-- One row per site, the most cancelled redemptions first.
with sites as (
    select
        coalesce(site_ref, '(no site)') as site,
        total(cancellations) as cancelled,
        total(redemptions) as redemptions,
    from chosen_site_totals($filters)
    group by all
)

select
    site,
    cancelled / redemptions as cancellation_rate,
    cancelled,
    redemptions,
from sites
order by cancelled desc, redemptions desc, site
