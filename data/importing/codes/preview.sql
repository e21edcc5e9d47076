-- What a staged codes file is about: its largest groups, and its dates.
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
    (select list(distinct folder) from vouchers.codes) as known_folders,
from staged
