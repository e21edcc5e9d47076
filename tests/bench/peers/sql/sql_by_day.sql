-- How many redemptions each day brought, as somebody asks an SQL cell.
-- One row per day that has any, oldest first.
select
    date_trunc('day', time) as day,
    count(*) as redemptions
from transactions
where not cancelled
group by all
order by day
