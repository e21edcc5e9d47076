-- How many redemptions each period brought.
-- One row per day or week, oldest first.
select
    {period} as period,
    count(*) filter (where not cancelled) as net,
    count(*) filter (where cancelled) as cancelled
from transactions
where {transactions}
group by {period}
order by {period}
