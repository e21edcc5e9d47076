-- Which codes brought guests back: the bouncebacks that they have triggered,
-- how many of these were redeemed, and how long after the first visit.
-- One row per trigger group (the parent's) and group of the child, the most
-- children first (of: pair), one per trigger group (trigger), and one of all.
-- Without a known parent there is no trigger group; low to high: Wilson's
-- interval of the rate, 95 %; paired: children with days, before_parent of them
-- negative, which are in no quartile.
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
