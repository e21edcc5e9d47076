-- How many redemptions each period brought, split by a column.
-- One row per day or week, and value, oldest first.
select
    {period} as period,
    {column} as value,
    count(*) filter (where not cancelled) as net,
    count(*) filter (where cancelled) as cancelled
from transactions
where {transactions}
group by {period}, {column}
order by {period}, net desc
