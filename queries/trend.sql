-- How the tiles' numbers came about: up to 24 equal steps over the chosen time.
-- One row per step, oldest first. Redemptions and rates are the step's own;
-- codes issued and outstanding are those at its end.
with
    ends as (
        select
            coalesce($filters['from']::timestamp, min(time)) as first,
            least(
                coalesce($filters['until']::timestamp, max(time)), $now
            ) as last,
            epoch(last - first) / 24 as seconds,
        from chosen_transactions($filters)
    ),

    used as (
        select
            least(24, 1 + floor(epoch(time - first) / seconds))::int as step,
            count(*) filter (not cancelled) as net,
            count(*) filter (cancelled) as cancelled,
            count(distinct code_id) filter (not cancelled) as redeemed_codes,
        from chosen_transactions($filters), ends
        where seconds > 0 and time between first and last
        group by all
    ),

    lives as (
        select
            greatest(0, ceil(epoch(start_date - first) / seconds)) as born,
            least(
                expiry_date, first_redeemed, first_cancelled, first_deleted
            ) as end_of_life,
            -- greatest() would pass over a null: a code that lives for ever
            if(
                end_of_life is not null,
                greatest(born, ceil(epoch(end_of_life - first) / seconds)),
                null
            ) as died,
        from chosen_codes($filters), ends
        where seconds > 0
    ),

    changes as (
        select born as step, count(*) as born, 0 as died
        from lives
        group by all
        union all
        select died as step, 0 as born, count(*) as died
        from lives
        where died is not null
        group by all
    ),

    running as (
        select
            step,
            sum(sum(born)) over (order by step) as codes_issued,
            sum(sum(born) - sum(died)) over (order by step) as outstanding,
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
where step between 1 and 24 and exists (from ends where seconds > 0)
order by step
