-- Which codes brought guests back: the bouncebacks that they have triggered,
-- how many of these were redeemed, and how long after the first visit.
-- One row per trigger group (the parent's) and group of the child, the most
-- children first (of: pair), one per trigger group (trigger), and one of all.
-- Without a known parent there is no trigger group; low to high: Wilson's
-- interval of the rate, 95 %; running: children that can still be redeemed;
-- old_enough: children that started 28 days ago or longer, within_28 of which
-- were redeemed when they were younger; paired: children with days,
-- before_parent of them negative, which are in no quartile.
with
    bouncebacks as (
        select
            * replace (
                coalesce(trigger_group, '(parent unknown)') as trigger_group,
                coalesce(group_name, '(no group)') as group_name
            ),
        from bouncebacks($filters, $asof::timestamp)
    )

select
    case grouping(trigger_group, group_name)
        when 0 then 'pair'
        when 1 then 'trigger'
        else 'all'
    end as of,
    trigger_group,
    group_name,
    count(distinct parent_id) as parents,
    count(*) as children,
    count(*) filter (parent_id is null) as without_parent,
    count(*) filter (is_redeemed) as redeemed,
    rate(count(*) filter (is_redeemed), count(*)) as return_rate,
    wilson_low(count(*) filter (is_redeemed), count(*)) as low,
    wilson_high(count(*) filter (is_redeemed), count(*)) as high,
    count(*) filter (is_running) as running,
    count(*) filter (age >= 28) as old_enough,
    count(*) filter (age < 28) as too_young,
    count(*) filter (age >= 28 and redeemed_age < 28) as within_28,
    rate(within_28, old_enough) as rate_28,
    wilson_low(within_28, old_enough) as low_28,
    wilson_high(within_28, old_enough) as high_28,
    count(days) as paired,
    count(*) filter (days < 0) as before_parent,
    quantile_cont(days, 0.25) filter (days >= 0) as lower_quartile,
    quantile_cont(days, 0.5) filter (days >= 0) as median,
    quantile_cont(days, 0.75) filter (days >= 0) as upper_quartile,
from bouncebacks
group by grouping sets (
    (),
    (trigger_group),
    (trigger_group, group_name)
)
order by of, children desc, trigger_group, group_name
