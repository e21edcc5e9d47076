-- How the tiles' numbers came about: up to 24 steps of as many whole days each.
-- One row per step, oldest first. Redemptions are the step's own; redeemed
-- codes those redeemed in it for the first time in the chosen period. Codes
-- issued and outstanding are those at its end.
with
    redemptions as materialized (
        from chosen_redemption_totals($filters)
    ),

    ends as (
        select
            coalesce(
                $filters['from']::timestamp, date_trunc('day', min(hour))
            )::timestamp as first,
            least(
                coalesce(
                    $filters['until']::timestamp, max(hour) + interval 1 hour
                ),
                $now
            ) as last,
            if(
                last > first,
                ceil(ceil(epoch(last - first) / 86400) / 24)::bigint * 86400,
                null
            ) as seconds,
            least(24, ceil(epoch(last - first) / seconds))::bigint as steps,
        from redemptions
    ),

    used as (
        select
            1 + floor(epoch(hour - first) / seconds)::bigint as step,
            total(net) as net,
            total(cancellations) as cancelled,
            total(redeemed_codes) as redeemed_codes,
        from redemptions, ends
        where seconds > 0 and hour < last
        group by all
    ),

    lives as (
        select
            greatest(0, ceil(epoch(start_date - first) / seconds)) as born,
            least(
                expiry_date, redeemed_day, cancelled_day, deleted_day
            ) as end_of_life,
            -- greatest() would pass over a null: a code that lives for ever
            if(
                end_of_life is not null,
                greatest(born, ceil(epoch(end_of_life - first) / seconds)),
                null
            ) as died,
            codes,
        from chosen_code_totals($filters), ends
        where seconds > 0
    ),

    changes as (
        select born as step, sum(codes) as born, 0 as died
        from lives
        group by all
        union all
        select died as step, 0 as born, sum(codes) as died
        from lives
        where died is not null
        group by all
    ),

    running as (
        select
            step,
            sum(sum(born)) over (order by step)::bigint as codes_issued,
            sum(sum(born) - sum(died)) over (order by step)::bigint
            as outstanding,
        from (
            from changes
            union all
            select unnest(range(25)) as step, 0 as born, 0 as died
        )
        group by step
    )

select
    step,
    codes_issued,
    outstanding,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    cancelled / (net + cancelled) as cancellation_rate,
    coalesce(used.redeemed_codes, 0) as redeemed_codes,
    coalesce(used.redeemed_codes, 0) / nullif(codes_issued, 0)
    as redemption_rate,
from running
left join used using (step)
where step between 1 and (select steps from ends)
order by step
