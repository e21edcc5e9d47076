-- How many rows are staged, and the first of them that cannot be stored, with
-- its column and its number in the file.
-- One row.
select
    count(*) as rows,
    arg_min(problem, rowid) as problem,
    row_of(min(rowid) filter (problem is not null)) as row,
from staged
