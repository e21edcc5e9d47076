-- What is worth a look about the parents of the chosen codes, and how often.
-- One row per check, always all of them, those without a row too.
with
    counts as (
        select
            count(*) filter (parent = 'not_loaded') as not_loaded,
            count(*) filter (parent = 'not_redeemed') as not_redeemed,
            count(*) filter (parent = 'cancelled') as cancelled,
        from children($filters)
    ),

    circles as (
        select count(*) as circles
        from check_parent_cycle($filters)
    )

select
    unnest(
        [
            'parent_not_loaded',
            'parent_not_redeemed',
            'parent_cancelled',
            'parent_cycle'
        ]
    ) as "check",
    unnest([not_loaded, not_redeemed, cancelled, circles]) as codes,
from counts, circles
