-- New codes that differ from another one of the file only by blanks, by hidden
-- characters or by their group, perhaps by case too. Codes of one group that
-- differ only by case have a warning of their own.
-- One row per kind that has any, with the first five rows of each.
with
    fresh as (
        select row, group_name, code, looks(code) as look,
        from incoming
        where is_new
    ),

    several as (
        select look
        from fresh
        group by look
        having count(*) > 1
    ),

    near as (
        select
            fresh.row,
            if(
                bool_or(
                    fresh.code <> other.code
                    or looks(fresh.group_name) = looks(other.group_name)
                ),
                'near_miss',
                'other_group'
            ) as kind,
        from fresh
        semi join several using (look)
        join fresh as other using (look)
        where
            fresh.row <> other.row
            and (
                fresh.group_name <> other.group_name
                or upper(fresh.code) <> upper(other.code)
            )
        group by fresh.row
    )

select
    kind,
    count(*) as rows,
    list_slice(list(row order by row), 1, 5) as first_rows,
    null as detail,
from near
group by kind
order by kind
