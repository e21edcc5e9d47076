-- What was odd about an import.
-- One row per kind of oddity, the most frequent first.
select kind, rows, lines, detail
from vouchers.warnings
where import_id = $import_id and sees_all($filters)
order by rows desc, kind, detail
