-- On which days of the week and at which hours codes are redeemed.
-- One row per weekday (1 is Monday) and hour that has any, in that order.
select
    isodow(redemptions.hour) as weekday,
    hour(redemptions.hour) as hour,
    total(net) as net,
    total(cancellations) as cancelled,
from chosen_redemption_totals($redemption_totals, $filters) as redemptions
group by all
order by all
