-- What a filter of the codes can be narrowed to, $search somewhere in it.
-- One row per value with its number of codes; folders and batches latest
-- first, the others by size.
select
    case $field
        when 'folder' then coalesce(folder, '(no folder)')
        when 'group' then group_name
        when 'prefix' then coalesce(prefix, '(no prefix)')
        when 'batch' then coalesce(batch, '(no batch)')
        when 'type' then coalesce(redemption_type, '(no type)')
        when 'item' then coalesce(item_code, '(no item)')
    end as value,
    total(codes) as count,
from chosen_code_totals($filters)
where $search is null or contains(lower(value), lower($search))
group by all
order by
    if($field in ('folder', 'batch'), max(start_date), null) desc nulls last,
    count desc,
    value
limit 1001
