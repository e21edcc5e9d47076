-- Whether a code is among the rows that an import changed in the way $change.
-- One row.
select count(*) > 0 as held
from rows_of_change($filters, $import_id, $change)
where code = $code
