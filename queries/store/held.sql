-- What the whole store holds, whatever is chosen, as far as it may be seen.
-- One row.
select
    (
        select total(codes)
        from vouchers.code_totals
        where is_seen($filters, folder, group_name)
    ) as codes,
    (
        select total(redemptions)
        from vouchers.redemption_totals
        where is_seen($filters, folder, group_name)
    ) as transactions,
    (
        select count(*)
        from vouchers.imports
        where is_sample and undone_at is null and sees_all($filters)
    ) as sample_imports,
    (
        select count(*)
        from vouchers.imports
        where not is_sample and sees_all($filters)
    ) as own_imports,
