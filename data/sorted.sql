-- Whether the rows to be stored lie in the order of their file.
-- One row.
select coalesce(bool_and(row > before), true)
from (
    select row, lag(row) over () as before
    from incoming
)
where before is not null
