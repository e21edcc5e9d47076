-- Sets when the files of imports were exported, where nobody has said it, as an
-- import proposes it: the time of the import, or the latest redemption that it
-- brought where that is more than 31 days earlier; of one that brought none,
-- the store's latest.
update vouchers.imports
set exported_at = proposals.exported_at
from (
    with
        latest as (
            select import_id, max(time) as time
            from (
                select import_id, time
                from vouchers.transactions
                union all
                select import_id, redemption_time as time
                from vouchers.codes
            )
            group by import_id
        ),

        redemptions as (
            select
                import_id,
                imported_at,
                coalesce(
                    latest.time, (select max(time) from vouchers.transactions)
                ) as time,
            from vouchers.imports
            left join latest using (import_id)
        )

    select
        import_id,
        if(
            time < imported_at - interval 31 day,
            time,
            date_trunc('minute', imported_at)
        ) as exported_at,
    from redemptions
) as proposals
where
    imports.import_id = proposals.import_id
    and imports.exported_at is null;
