-- Which codes were redeemed where, as somebody asks an SQL cell.
-- One row per folder and site, of the hundred that have the most redemptions.
select
    folder,
    site_ref,
    count(*) as redemptions,
    count(distinct code) as codes
from transactions
group by all
order by redemptions desc
limit 100
