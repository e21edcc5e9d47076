-- The files of $kind in force.
-- One row per file, in the order of their rows.
select name, rows, first_position, last_position
from vouchers.files
where kind = $kind and until_import is null
order by first_position, last_position
