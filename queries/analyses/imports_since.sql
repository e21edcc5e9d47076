-- Which imports since.sql sums up.
-- One row per import, the latest first; none for who does not see all rows.
select import_id, imported_at, exported_at, file, kind, rows, new, updated,
from imports_since($since, $from_import)
where sees_all($filters)
order by import_id desc
