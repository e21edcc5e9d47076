-- The files of $kind in force of which a row at hand has changed or is gone.
-- One row per file.
with changed as (
    select position
    from (
        from query_table($taken)
        except
        from query_table($table)
    )
)

select distinct name
from vouchers.files
join changed on position between first_position and last_position
where kind = $kind and until_import is null
