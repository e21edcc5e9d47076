-- The highest IDs of imports and of codes so far; 0 where there are none. Where
-- the rows lie on a lake, only some of the codes are at hand.
-- One row.
select
    (select coalesce(max(import_id), 0) from vouchers.imports) as import_id,
    greatest(
        (select coalesce(max(code_id), 0) from vouchers.codes),
        (
            select coalesce(max(last_code_id), 0)
            from vouchers.files
            where until_import is null
        )
    ) as code_id,
