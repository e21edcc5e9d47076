-- Deletes the rows that the import $import_id and later ones have added.
delete from vouchers.codes
where import_id >= $import_id;

delete from vouchers.transactions
where import_id >= $import_id;
