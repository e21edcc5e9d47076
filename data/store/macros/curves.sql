-- The small curves: of the tiles, and of each batch.

-- A tile's curve goes from the first chosen day to the last chosen moment;
-- where none is chosen, over all redemptions; and not beyond now.
create macro curve_start(f, first_hour) as
    coalesce(f['from']::timestamp, date_trunc('day', first_hour))::timestamp;

create macro curve_end(f, last_hour, now) as
    least(coalesce(f['until']::timestamp, last_hour + interval 1 hour), now);

-- How long a step of it is: as many whole days as 24 steps need.
create macro step_seconds(start, stop) as
    if(
        stop > start,
        ceil(ceil(epoch(stop - start) / 86400) / 24)::bigint * 86400,
        null
    );

-- The first step at whose end the moment is over.
create macro step_over(moment, start, seconds) as
    ceil(epoch(moment - start) / seconds);

-- One row per step with its number, from 0: how many of the chosen codes were
-- issued by its end, and how many of these were outstanding.
create macro codes_by_step(totals, f, start, seconds) as table
with
    scale as (
        select start as first, seconds as length
    ),

    lives as (
        select
            greatest(0, step_over(start_date, first, length)) as born,
            least(
                expiry_date, redeemed_day, cancelled_day, deleted_day
            ) as end_of_life,
            -- greatest() would pass over a null: a code that lives for ever
            if(
                end_of_life is not null,
                greatest(born, step_over(end_of_life, first, length)),
                null
            ) as died,
            codes,
        from chosen_code_totals(totals, f), scale
        where length > 0
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
        union all
        select unnest(range(25)) as step, 0 as born, 0 as died
    )

select
    step,
    sum(sum(born)) over (order by step)::bigint as codes_issued,
    sum(sum(born) - sum(died)) over (order by step)::bigint as outstanding,
from changes
group by step;

-- One row per batch of chosen redemptions: how many there were, and the net
-- ones by the twelfths of the time from the first to the last of them.
create macro redemptions_by_batch(totals, f) as table
with
    hours as (
        from chosen_redemption_totals(totals, f)
    ),

    used as (
        select
            batch,
            total(redeemed_codes) as redeemed_codes,
            total(net) as net,
            total(cancellations) as cancelled,
            min(hour) as first_hour,
            max(hour) as last_hour,
        from hours
        group by all
    ),

    steps as (
        select
            hours.batch,
            floor(
                11.999
                * epoch(hour - first_hour)
                / epoch(last_hour - first_hour)
            )::int as step,
            total(hours.net) as net,
        from hours
        join used on hours.batch is not distinct from used.batch
        where last_hour > first_hour
        group by all
    ),

    curves as (
        select batch, map_from_entries(list((step, net))) as steps
        from steps
        group by all
    )

select used.*, steps
from used
left join curves on used.batch is not distinct from curves.batch;
