-- The rows of files, with those at hand as they are now, and after them those
-- that no file has: the ones numbered from $start on and before $end. The
-- numbers begin with $base, and the positions after $after.
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
union all by name
select * exclude (row) replace ($after + 1 + row - $base as position),
from query_table($fresh)
where row >= $start and row < $end
order by position
