-- What a filter of the redemptions offers.
-- One row per value, the most redemptions first.
select {column} as value, count(*) as redemptions
from transactions
where {transactions}
group by {column}
order by redemptions desc
limit 1001
