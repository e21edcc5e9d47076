-- How many redemptions each period brought by $by: group, folder, batch, site
-- or month of start; of the $most names with the most net ones.
-- One row per line and period, as in over_time. After those with a name: the
-- others (names: how many), '(no …)', and from_codes_file, which have no site
-- by nature. Of more than 100,000 rows only those that have some.
with
    used as materialized (
        from split_redemptions(
            $redemption_totals, $filters, $by, $grain, $most
        )
    ),

    lines as (
        select
            line,
            count(distinct name) as names,
            if(line in ($most + 1, $most + 3), null, min(name)) as name,
            100_000 // count(*) over () as most_periods,
        from used
        group by line
    ),

    sums as (
        select line, period, total(net) as net, total(cancelled) as cancelled
        from used
        group by all
    ),

    ends as (
        select min(period) as earliest, max(period) as latest
        from used
    ),

    periods as (
        select
            line,
            unnest(
                periods_of($filters, $grain, earliest, latest, most_periods)
            ) as period,
        from lines, ends
        union
        select line, period
        from sums
    )

select
    * exclude (line, most_periods, net, cancelled),
    line = $most + 3 as from_codes_file,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    cancellation_rate(cancelled, net + cancelled) as cancellation_rate,
    wilson_low(cancelled, net + cancelled) as low,
    wilson_high(cancelled, net + cancelled) as high,
    is_whole($filters, $grain, period, $data_until) as whole,
from periods
join lines using (line)
left join sums using (line, period)
order by line, period
