-- New codes that differ from a stored one only by case, by blanks, by hidden
-- characters or by their group. `may_hide`: the file has more than visible
-- ASCII.
-- One row per kind that has any, with the first five rows of each.
with
    fresh as (
        select
            row,
            group_name,
            code,
            if($may_hide, looks(code), upper(replace(code, ' ', ''))) as look,
        from incoming
        where is_new
    ),

    near as (
        select
            row,
            if(
                bool_or(
                    fresh.code <> stored.code
                    or looks(fresh.group_name) = looks(stored.group_name)
                ),
                'near_miss',
                'other_group'
            ) as kind,
        from fresh
        join vouchers.codes as stored on looks(stored.code) = look
        group by row
    )

select
    kind,
    count(*) as rows,
    list_slice(list(row order by row), 1, 5) as first_rows,
    null as detail,
from near
group by kind
order by kind
