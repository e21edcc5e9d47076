-- The files that were in force before an import.
-- One row per file.
select name
from vouchers.files
where
    from_import < $import_id
    and (until_import is null or until_import >= $import_id)
