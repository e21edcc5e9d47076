-- Which codes and transactions an import changed in the way $change, by page.
-- One row per code or transaction, 50 from $offset on.
select group_name, code, transaction_id
from rows_of_change($filters, $import_id, $change)
limit 50
offset $offset
