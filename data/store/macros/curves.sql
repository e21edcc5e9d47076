-- The small curves: of the tiles, and of each batch.

-- A tile's curve goes from the first chosen day, or that of the first
-- redemption, to the last chosen moment, or to the hour of data until.
create macro curve_start(f, first_hour) as
    coalesce(f['from']::timestamp, date_trunc('day', first_hour))::timestamp;

create macro curve_end(f, data_until) as
    least(
        coalesce(f['until']::timestamp, timestamp '9999-12-31'),
        date_trunc('hour', data_until)::timestamp + interval 1 hour
    );

-- The length of a step: whole days, so many that 24 steps are enough.
create macro step_seconds(start, stop) as
    if(
        stop > start,
        ceil(ceil(epoch(stop - start) / 86400) / 24)::bigint * 86400,
        null
    );

-- The first step at whose end the moment has passed.
create macro step_over(moment, start, seconds) as
    ceil(epoch(moment - start) / seconds);

-- One row per step with its number, from 0: how many of the chosen codes were
-- outstanding at its end. What comes after f['asof'] has not happened yet: the
-- last step may go on after it, and has to agree with the tile.
create macro codes_by_step(totals, f, start, seconds) as table
with
    scale as (
        select start as first, seconds as length
    ),

    spans as (
        select
            greatest(0, step_over(start_date, first, length)) as issued,
            least(
                if(expiry_date <= f['asof'], expiry_date, null),
                if(by_day(f['asof'], redeemed_day) is null, null, redeemed_day),
                if(
                    by_day(f['asof'], cancelled_day) is null,
                    null,
                    cancelled_day
                ),
                if(by_day(f['asof'], deleted_day) is null, null, deleted_day)
            ) as ends_at,
            -- greatest() would skip a null, which is a code without an end.
            if(
                ends_at is not null,
                greatest(issued, step_over(ends_at, first, length)),
                null
            ) as ended,
            codes,
        from chosen_code_totals(totals, f), scale
        where length > 0 and (start_date is null or start_date <= f['asof'])
    ),

    changes as (
        select issued as step, sum(codes) as issued, 0 as ended
        from spans
        group by all
        union all
        select ended as step, 0 as issued, sum(codes) as ended
        from spans
        where ended is not null
        group by all
        union all
        select unnest(range(25)) as step, 0 as issued, 0 as ended
    )

select
    step,
    sum(sum(issued) - sum(ended)) over (order by step)::bigint as outstanding,
from changes
group by step;

-- One row per batch of chosen redemptions: how many there were, and the net
-- ones by the twelfths of the chosen period, or of the time from the first
-- redemption to data until: the same for each, with its ends and the most that
-- a batch has in one of them.
create macro redemptions_by_batch(totals, f, data_until) as table
with
    hours as (
        select * replace (coalesce(batch, '(no batch)') as batch),
        from chosen_redemption_totals(totals, f)
    ),

    used as (
        select
            batch,
            total(redeemed_codes) as redeemed_codes,
            total(redeemed_not_live) as redeemed_not_live,
            total(net) as net,
            total(cancellations) as cancelled,
        from hours
        group by all
    ),

    span as (
        select
            curve_start(f, min(hour)) as curve_from,
            curve_end(f, data_until) as curve_to,
        from hours
    ),

    steps as (
        select
            batch,
            floor(
                12
                * epoch(hour - curve_from)
                / epoch(curve_to - curve_from)
            )::int as step,
            total(hours.net) as net,
        from hours
        cross join span
        where curve_from <= hour and hour < curve_to
        group by all
    ),

    curves as (
        select
            batch,
            map_from_entries(list((step, net))) as steps,
            max(max(net)) over () as curve_most,
        from steps
        group by all
    )

select used.*, steps, curve_from, curve_to, curve_most
from used
cross join span
left join curves using (batch)
