-- Whether the file at $rows, of near_rows.sql, counts as many rows as the files
-- in force have.
-- One row.
with in_force as (
    select kind, sum(rows) as rows
    from vouchers.files
    where until_import is null
    group by kind
)

select count(*) = 0
from in_force
left join rows_in([$rows]) as looked_through using (kind)
where in_force.rows is distinct from looked_through.rows
