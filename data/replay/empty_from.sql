-- Deletes what the import $import_id and later ones have brought, but for the
-- rows, the list of imports and the totals.
delete from vouchers.changes
where import_id >= $import_id;

delete from vouchers.warnings
where import_id >= $import_id;
