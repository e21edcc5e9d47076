-- On which days of the week and at which hours codes are redeemed.
-- One row per weekday and hour.
select
    {weekday} as weekday,
    {hour} as hour,
    count(*) filter (where not cancelled) as net,
    count(*) filter (where cancelled) as cancelled
from transactions
where {transactions}
group by {weekday}, {hour}
