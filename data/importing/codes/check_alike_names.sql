-- New groups that differ from another one only by case, by blanks or by hidden
-- characters.
-- One row, or none, with the first five rows of such groups.
with
    known as (
        select distinct group_name as name
        from vouchers.code_totals
    ),

    names as (
        select distinct group_name as name
        from incoming
    ),

    every as (
        from known
        union
        from names
    ),

    alike as (
        select distinct fresh.name
        from names as fresh
        anti join known using (name)
        join every
            on every.name <> fresh.name
            and looks(every.name) = looks(fresh.name)
    )

select
    'alike_name' as kind,
    count(*) as rows,
    min(row, 5) as first_rows,
    'Group_Name' as detail,
from incoming
where group_name in (from alike)
having count(*) > 0
