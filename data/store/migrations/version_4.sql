-- Adds when the files of older imports were exported, as an import proposes it:
-- the time of the import, or the latest redemption that it brought where that
-- is more than 31 days earlier; of one that brought none, the store's latest.
-- And the dates of codes to their redemptions, and what totals need of them.
alter table vouchers.imports
add column if not exists exported_at timestamp;

alter table vouchers.code_totals
add column if not exists redeemed_age bigint;

alter table vouchers.site_totals
add column if not exists from_codes_file boolean;

alter table vouchers.transactions
add column if not exists start_date timestamp;

alter table vouchers.transactions
add column if not exists expiry_date timestamp;

alter table vouchers.redemption_totals
add column if not exists early_start timestamp;

alter table vouchers.redemption_totals
add column if not exists late_expiry timestamp;

update vouchers.transactions
set start_date = codes.start_date, expiry_date = codes.expiry_date
from vouchers.codes
where
    transactions.code_id = codes.code_id
    and (
        transactions.start_date is distinct from codes.start_date
        or transactions.expiry_date is distinct from codes.expiry_date
    );

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
            time < imported_at - interval 31 day, time, imported_at
        ) as exported_at,
    from redemptions
) as proposals
where
    imports.import_id = proposals.import_id
    and imports.exported_at is null;
