-- Where codes were redeemed, and where redemptions were cancelled.
-- One row per site, the most net redemptions first.
with sites as (
    select
        coalesce(site_ref, '(no site)') as site,
        total(net) as net,
        total(cancellations) as cancelled,
        total(redemptions) as redemptions,
    from chosen_site_totals($site_totals, $filters)
    group by all
)

select
    site,
    net,
    rate(net, sum(net) over ()) as share,
    cancelled,
    redemptions,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
from sites
order by net desc, redemptions desc, site
