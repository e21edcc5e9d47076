-- What a filter of the codes can be narrowed to, $search somewhere in it.
-- One row per value with its number of codes, 1,001 at most; folders and
-- batches latest first, the others by size.
select
    columns(lambda name: name = $field) as value,
    total(codes) as count,
from code_fields($code_totals, $filters)
where value is not null and has_text($search, value)
group by value
order by
    if($field in ('folder', 'batch'), max(start_date), null) desc nulls last,
    count desc,
    value
limit 1001
