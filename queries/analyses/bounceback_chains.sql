-- How long the chains of bouncebacks are: a child of a code that is no
-- bounceback itself, or is not known, has depth 1, a child of that one depth 2.
-- One row per depth that a chosen code has, from 1 to 20; 20: or more, or in a
-- circle of codes, each of which is the parent of the next.
with recursive
    children as materialized (
        select
            code_id,
            coalesce(first_redeemed <= $asof::timestamp, false) as is_redeemed,
        from chosen_codes($filters)
        where parent_code is not null
    ),

    links as materialized (
        select code_id, parent.parent_id as parent_id
        from known_parents($filters)
        where parent.is_bounceback
    ),

    steps as (
        select code_id, code_id as ancestor_id, 1 as depth
        from children
        union all
        select steps.code_id, links.parent_id, depth + 1
        from steps
        join links on links.code_id = ancestor_id
        where depth < 20
    ),

    chains as (
        select code_id, max(depth) as depth
        from steps
        group by all
    )

select
    depth,
    count(*) as children,
    count(*) filter (is_redeemed) as redeemed,
    rate(count(*) filter (is_redeemed), count(*)) as return_rate,
    wilson_low(count(*) filter (is_redeemed), count(*)) as low,
    wilson_high(count(*) filter (is_redeemed), count(*)) as high,
from chains
join children using (code_id)
group by all
order by depth
