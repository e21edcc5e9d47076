-- What the filters of the codes can be narrowed to.
-- One row per field and value with its number of codes, 1,001 of a field at
-- most; folders and batches latest first, the others by size.
select field, value, total(codes) as count
from (
    unpivot (select * from code_fields($code_totals, $filters))
    on columns(* exclude (start_date, codes))
    into name field value value
)
group by field, value
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
