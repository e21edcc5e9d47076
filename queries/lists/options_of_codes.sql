-- What a filter of the codes can be narrowed to, $search somewhere in it.
-- One row per value with its number of codes; folders and batches latest
-- first, the others by size.
select
    coalesce(
        columns(
            lambda name: name = case $field
                when 'group' then 'group_name'
                when 'type' then 'redemption_type'
                when 'item' then 'item_code'
                else $field
            end
        ),
        '(no ' || $field || ')'
    ) as value,
    total(codes) as count,
from chosen_code_totals($code_totals, $filters)
where $search is null or contains(lower(value), lower($search))
group by value
order by
    if($field in ('folder', 'batch'), max(start_date), null) desc nulls last,
    count desc,
    value
limit 1001
