-- How the tiles' numbers came about: up to 24 steps of as many whole days each.
-- One row per step, oldest first, with its first and its last moment.
-- Redemptions are the step's own, outstanding codes those at its end.
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

    issued as (
        from codes_by_step(
            $code_totals,
            $filters,
            (select start from ends),
            (select seconds from ends)
        )
    )

select
    step,
    start + to_seconds((step - 1) * seconds) as first,
    least(start + to_seconds(step * seconds), stop)
    - interval 1 microsecond as last,
    outstanding,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    cancellation_rate(cancelled, net + cancelled) as cancellation_rate,
from issued
left join used using (step)
cross join ends
where
    seconds > 0
    and step between 1 and least(24, ceil(epoch(stop - start) / seconds))
order by step
