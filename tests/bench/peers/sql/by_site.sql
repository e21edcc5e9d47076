-- Where codes were redeemed.
-- One row per site, the most net redemptions first.
select
    site_ref,
    count(*) filter (where not cancelled) as net,
    count(*) filter (where cancelled) as cancelled
from transactions
where {transactions}
group by site_ref
order by net desc
