-- Codes that were redeemed since and did not change otherwise are listed once.
-- No row.
delete from vouchers.changes
where
    import_id = $import_id
    and change = 'changed'
    and (group_name, code) in (
        select (group_name, code)
        from vouchers.changes
        where import_id = $import_id and change = 'newly redeemed'
    )
    and (group_name, code) in (
        select (group_name, code)
        from incoming
        where not is_changed_otherwise
    )
