-- Whether chance alone takes a site's cancellation rate so far from that of all
-- sites. tail: the chance of a rate as far from it, or farther, on its side.
-- One row per site, the most redemptions first, then '(no site)'; and last,
-- from_codes_file, those known only from codes files, which tell no site.
select
    if(from_codes_file, null, coalesce(site_ref, '(no site)')) as site,
    cancellations as cancelled,
    redemptions,
    cancellation_rate,
    rate_of_all,
    tail,
    from_codes_file,
from site_funnel($site_totals, $filters)
order by
    from_codes_file,
    site_ref is null,
    redemptions desc,
    site_ref
