-- Until when the data of the store reach, whatever is chosen.
-- One row.
select
    greatest(
        (
            select max(exported_at)
            from vouchers.imports
            where undone_at is null
        ),
        (select max(time) from vouchers.transactions)
    ) as data_until,
