-- How many rows no file has, and the numbers of the first and the last of them.
-- One row.
select count(*) as rows, min(row) as first_row, max(row) as last_row,
from query_table($fresh)
