-- Whether all that has come from the import $import_id on is codes that were
-- not stored before, and of which no earlier redemption was known: then the
-- rows without them are the rows before.
-- One row.
select
    not exists (
        from vouchers.imports
        where
            import_id >= $import_id
            and undone_at is null
            and (kind <> 'codes' or updated > 0)
    )
    and not exists (
        from vouchers.transactions
        semi join (
            select code_id
            from vouchers.codes
            where import_id >= $import_id
        ) as added using (code_id)
        where import_id < $import_id
    ) as is_so,
