-- Recomputes what follows from the redemptions of the affected codes. A code
-- with a Redemption_Time and no transaction counts as one redemption at that
-- time; as soon as it has any transaction, only they count.

delete from vouchers.transactions
where from_codes_file and code_id in (select code_id from affected);

insert into vouchers.transactions by name
from redemptions_of_codes_files()
where
    code_id in (select code_id from affected)
    and code_id not in (
        select code_id
        from vouchers.transactions
        where code_id in (select code_id from affected)
    );

-- One row per affected code.
create or replace temp table redemption_summary as
select
    affected.code_id,
    count(transactions.code_id) filter (not cancelled) as scans,
    min(time) filter (not cancelled) as first_redeemed,
    min(time) filter (cancelled) as first_cancelled,
    min(time) filter (code_deleted) as first_deleted,
    scans > 1 or count(previous_time) > 0 as is_repeated,
from affected
left join vouchers.transactions using (code_id)
group by affected.code_id;

insert into vouchers.changes
select
    $import_id as import_id,
    'newly redeemed' as change,
    group_name,
    code,
    null as transaction_id,
from vouchers.codes
join redemption_summary using (code_id)
where
    codes.first_redeemed is null
    and redemption_summary.first_redeemed is not null
    and codes.import_id <> $import_id;

update vouchers.codes
set
    scans = summary.scans,
    first_redeemed = summary.first_redeemed,
    first_cancelled = summary.first_cancelled,
    first_deleted = summary.first_deleted
from redemption_summary as summary
where
    codes.code_id = summary.code_id
    and (
        codes.scans is distinct from summary.scans
        or codes.first_redeemed is distinct from summary.first_redeemed
        or codes.first_cancelled is distinct from summary.first_cancelled
        or codes.first_deleted is distinct from summary.first_deleted
    );
