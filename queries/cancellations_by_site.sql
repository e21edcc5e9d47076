-- In which sites redemptions are cancelled.
-- One row per site, the most cancelled redemptions first.
select
    coalesce(site_ref, '(no site)') as site,
    count(*) filter (cancelled) / count(*) as cancellation_rate,
    count(*) filter (cancelled) as cancelled,
    count(*) as redemptions,
from chosen_transactions($filters)
group by site
order by count(*) filter (cancelled) desc, redemptions desc, site
