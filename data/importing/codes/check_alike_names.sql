-- New groups that differ from another one only by case, by blanks or by hidden
-- characters.
-- One row, or none, with the first five rows of such groups.
with
    known as (
        select distinct group_name as name
        from vouchers.code_totals
    ),

    fresh as (
        select group_name as name, count(*) as rows, min(row, 5) as first_rows
        from incoming
        where is_new and group_name not in (from known)
        group by all
    ),

    every as (
        from known
        union all
        select name
        from fresh
    )

select
    'alike_name' as kind,
    sum(rows)::bigint as rows,
    list_slice(list_sort(flatten(list(first_rows))), 1, 5) as first_rows,
    'Group_Name' as detail,
from fresh
where
    exists (
        from every
        where every.name <> fresh.name and looks(every.name) = looks(fresh.name)
    )
having count(*) > 0
