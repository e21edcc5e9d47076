-- Where redemptions are cancelled.
-- One row per value, the most cancelled redemptions first.
select
    {column} as value,
    count(*) filter (where cancelled) as cancelled,
    count(*) as redemptions
from transactions
where {transactions}
group by {column}
order by cancelled desc
