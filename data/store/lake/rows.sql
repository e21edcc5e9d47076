-- How many rows the files in force have.
-- One row.
select coalesce(sum(rows), 0)
from vouchers.files
where until_import is null
