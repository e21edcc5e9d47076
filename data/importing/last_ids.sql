-- The highest IDs of imports and of codes so far; 0 where there are none.
-- One row.
select
    (select coalesce(max(import_id), 0) from vouchers.imports) as import_id,
    (select coalesce(max(code_id), 0) from vouchers.codes) as code_id,
