-- Where codes were redeemed, and where redemptions were cancelled.
-- One row per site, the most net redemptions first.
select
    coalesce(site_ref, '(no site)') as site,
    count(*) filter (not cancelled) as net,
    net / nullif(sum(net) over (), 0) as share,
    count(*) filter (cancelled) as cancelled,
    count(*) as redemptions,
    count(*) filter (cancelled) / count(*) as cancellation_rate,
from chosen_transactions($filters)
group by all
order by net desc, redemptions desc, site
