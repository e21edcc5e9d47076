-- What a staged transactions file is about: its largest groups, its dates, and
-- some of its codes, evenly spread.
-- One row.
select
    (
        select list(group_name)
        from (
            select group_name
            from staged
            where group_name is not null
            group by all
            order by count(*) desc, group_name
            limit 10
        )
    ) as groups,
    count(distinct group_name) as group_count,
    min(time) as first,
    max(time) as last,
    null as least,
    null as greatest,
    list({'group_name': group_name, 'code': code})
        filter (row_of(rowid) % $step = 0) as some_codes,
from staged
