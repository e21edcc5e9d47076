-- The files that were in force before an import, and are so no more.
-- One row per file.
select kind, name
from vouchers.files
where from_import < $import_id and until_import >= $import_id
order by kind, name
