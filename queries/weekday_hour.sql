-- On which days of the week and at which hours codes are redeemed.
-- One row per weekday (1 is Monday) and hour that has any, in that order.
select
    isodow(time) as weekday,
    hour(time) as hour,
    count(*) filter (not cancelled) as net,
    count(*) filter (cancelled) as cancelled,
from chosen_transactions($filters)
group by all
order by all
