-- Which imports brought the code $code of the group $group_name, and which
-- changed it or its redemptions.
-- One row per import and change, the oldest import first.
select import_id, imported_at, file, change
from imports_of($filters, $code, $group_name, $stored)
join vouchers.imports using (import_id)
order by import_id, change
