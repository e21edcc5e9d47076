-- The last import of which the replaced files are too many to keep: they and
-- those that later imports have replaced hold more rows than those in force.
-- One row, null where all may be kept.
with
    replaced as (
        select until_import, sum(rows) as rows
        from vouchers.files
        where until_import is not null
        group by until_import
    ),

    replaced_since as (
        select
            until_import,
            sum(rows) over (order by until_import desc) as rows,
        from replaced
    )

select max(until_import) as until_import
from replaced_since
where
    rows > (
        select sum(rows)
        from vouchers.files
        where until_import is null
    )
