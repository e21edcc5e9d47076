-- How many redemptions each period brought, and how many were cancelled.
-- One row per period from the first to the last, oldest first, also where
-- there are none (but of more than 100,000 periods only those that have some);
-- whole: the period lies inside the chosen dates and is over; low to high:
-- Wilson's interval of the rate, 95 %.
with
    redemptions as (
        select
            date_trunc($grain, hour)::timestamp as period,
            total(net) as net,
            total(cancellations) as cancelled,
        from chosen_redemption_totals($redemption_totals, $filters)
        group by all
    ),

    periods as (
        select
            unnest(
                periods_of(
                    $filters, $grain, min(period), max(period), 100_000
                )
            ) as period,
        from redemptions
        union
        select period
        from redemptions
    )

select
    period,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    cancellation_rate(cancelled, net + cancelled) as cancellation_rate,
    wilson_low(cancelled, net + cancelled) as low,
    wilson_high(cancelled, net + cancelled) as high,
    is_whole($filters, $grain, period, $data_until) as whole,
from periods
left join redemptions using (period)
order by period
