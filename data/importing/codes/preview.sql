-- What a staged codes file is about: its largest groups, its dates, the first
-- and the last of its codes in their order, and some of them, evenly spread.
-- One row.
select
    (
        select list(group_name)
        from (
            select group_name
            from staged
            group by all
            order by count(*) desc, group_name
            limit 10
        )
    ) as groups,
    count(distinct group_name) as group_count,
    min(start_date) as first,
    max(expiry_date) as last,
    min(code) as least,
    max(code) as greatest,
    list({'group_name': group_name, 'code': code})
        filter (row_of(rowid) % $step = 0) as some_codes,
from staged
