-- What a staged transactions file is about: its largest groups, and its dates.
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
    (select list(distinct folder) from vouchers.codes) as known_folders,
from staged
