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
