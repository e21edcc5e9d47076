-- How the tiles' numbers came about: up to 24 steps of as many whole days each.
-- One row per step, oldest first, with its first and its last moment.
with
    redemptions as materialized (
        from chosen_redemption_totals($redemption_totals, $filters)
    ),

    ends as (
        select
            curve_start($filters, min(hour)) as start,
            curve_end($filters, $data_until::timestamp) as stop,
            step_seconds(start, stop) as seconds,
        from redemptions
    ),

    used as (
        select
            1 + floor(epoch(hour - start) / seconds)::bigint as step,
            total(net) as net,
            total(cancellations) as cancelled,
        from redemptions, ends
        where seconds > 0 and hour < stop
        group by all
    ),

    steps as (
        select
            *,
            unnest(range(1, 1 + ceil(epoch(stop - start) / seconds)::bigint))
            as step,
        from ends
        where seconds > 0
    )

select
    step,
    start + to_seconds((step - 1) * seconds) as first,
    least(start + to_seconds(step * seconds), stop)
    - interval 1 microsecond as last,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    cancellation_rate(cancelled, net + cancelled) as cancellation_rate,
from steps
left join used using (step)
order by step
