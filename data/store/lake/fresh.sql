-- Rows that no file has: those numbered from $start on and before $end. The
-- numbers begin with $base, and the positions after $after.
-- One row per row, in the order of the store.
select * exclude (row) replace ($after + 1 + row - $base as position),
from query_table($fresh)
where row >= $start and row < $end
order by position
