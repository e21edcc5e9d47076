-- The rows of files, with those at hand as they are now.
-- One row per row, in the order of the store.
with
    not_at_hand as (
        from rows_in($paths)
        anti join query_table($taken) using (position)
    )

from not_at_hand
union all by name
from query_table($table)
where position between $first and $last
order by position
