-- Where codes were redeemed, and where redemptions were cancelled.
-- One row per site, the most net redemptions first, then '(no site)'; and last,
-- from_codes_file, those known only from codes files, which tell no site.
with sites as (
    select
        if(from_codes_file, null, coalesce(site_ref, '(no site)')) as site,
        from_codes_file,
        total(net) as net,
        total(cancellations) as cancelled,
        total(redemptions) as redemptions,
    from chosen_site_totals($site_totals, $filters)
    group by all
)

select
    site,
    net,
    if(
        not from_codes_file,
        rate(net, sum(net) filter (not from_codes_file) over ()),
        null
    ) as share,
    cancelled,
    redemptions,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
    from_codes_file,
from sites
order by
    from_codes_file,
    site = '(no site)',
    net desc,
    redemptions desc,
    site
