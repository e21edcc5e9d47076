-- Codes whose only change is the one that makes them newly redeemed are not
-- listed as changed too.
delete from vouchers.changes
where
    import_id = $import_id
    and change = 'changed'
    and (group_name, code) in (
        select (group_name, code)
        from incoming
        where is_changed and not is_new and not has_new_dates and not has_other_changes
    )
    and (group_name, code) in (
        select (group_name, code)
        from vouchers.changes
        where import_id = $import_id and change = 'newly redeemed'
    )
