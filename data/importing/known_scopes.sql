-- The scopes that imports in force were given, the latest first.
-- One row per scope.
select folder, prefix, batch
from vouchers.imports
where undone_at is null
group by all
order by max(import_id) desc
