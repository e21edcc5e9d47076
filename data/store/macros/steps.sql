-- Pages far down a list, found by how many rows sort before them.

-- One row per step of sorted rows, in order. Kinds of rows, in the table of
-- this name, have all their rows between two values, which are a text or a
-- moment; those of one label make one step, and so do those that overlap.
-- Missing values come last.
create macro steps_of(kinds) as table
with
    spans as (
        select
            min(first_text) as first_text,
            max(last_text) as last_text,
            min(first_moment) as first_moment,
            max(last_moment) as last_moment,
            sum(rows)::bigint as rows,
        from query_table(kinds)
        group by label
    ),

    begun as (
        select
            *,
            coalesce(
                first_text > max(last_text) over earlier,
                first_moment > max(last_moment) over earlier,
                true
            ) as begins_step,
        from spans
        window earlier as (
            order by first_text nulls last, first_moment nulls last
            rows between unbounded preceding and 1 preceding
        )
    ),

    numbered as (
        select
            *,
            count(*) filter (begins_step) over (
                order by first_text nulls last, first_moment nulls last
                rows unbounded preceding
            ) as step,
        from begun
    )

select
    min(first_text) as first_text,
    max(last_text) as last_text,
    epoch_us(min(first_moment)) as first_moment,
    epoch_us(max(last_moment)) as last_moment,
    sum(rows)::bigint as rows,
from numbered
group by step
order by step;
