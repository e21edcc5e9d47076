-- What the filters of the codes can be narrowed to.
-- One row per field and value with its number of codes, 1,001 of a field at
-- most; folders and batches latest first, the others by size.
select
    case
        when grouping(folder) = 0 then 'folder'
        when grouping(group_name) = 0 then 'group'
        when grouping(prefix) = 0 then 'prefix'
        when grouping(batch) = 0 then 'batch'
        when grouping(redemption_type) = 0 then 'type'
        else 'item'
    end as field,
    coalesce(
        folder, group_name, prefix, batch, redemption_type, item_code,
        '(no ' || field || ')'
    ) as value,
    total(codes) as count,
from chosen_code_totals($code_totals, $filters)
group by
    grouping sets (
        (folder), (group_name), (prefix), (batch), (redemption_type),
        (item_code)
    )
qualify
    row_number() over (
        partition by field
        order by
            if(field in ('folder', 'batch'), max(start_date), null) desc
            nulls last,
            count desc,
            value
    ) <= 1001
order by
    field,
    if(field in ('folder', 'batch'), max(start_date), null) desc nulls last,
    count desc,
    value
