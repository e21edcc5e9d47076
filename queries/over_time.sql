-- How many redemptions each period brought, and how many were cancelled.
-- One row per period that has any, oldest first.
select
    date_trunc($grain, time) as period,
    count(*) filter (not cancelled) as net,
    count(*) filter (cancelled) as cancelled,
    count(*) filter (cancelled) / count(*) as cancellation_rate,
from chosen_transactions($filters)
group by all
order by all
