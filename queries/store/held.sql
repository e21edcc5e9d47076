-- What the whole store holds, whatever is chosen.
-- One row.
select
    (select count(*) from vouchers.codes) as codes,
    (select count(*) from vouchers.transactions) as transactions,
    (
        select count(*)
        from vouchers.imports
        where is_sample and undone_at is null
    ) as sample_imports,
    (select count(*) from vouchers.imports where not is_sample) as own_imports,
