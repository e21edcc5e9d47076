-- What the redemptions say of the touched codes, made anew. A code with a
-- Redemption_Time and no transaction counts as one redemption at that time;
-- as soon as it has any transaction, they alone speak for it.

delete from vouchers.transactions
where from_codes_file and code_id in (select code_id from touched);

insert into vouchers.transactions by name
select
    redemption_time as time,
    code,
    group_name,
    false as cancelled,
    false as code_deleted,
    import_id,
    true as from_codes_file,
    code_id,
    folder,
    prefix,
    batch,
    redemption_type,
    redemption_quantity,
    item_code,
from vouchers.codes
where
    code_id in (select code_id from touched)
    and redemption_time is not null
    and code_id not in (
        select code_id
        from vouchers.transactions
        where code_id in (select code_id from touched)
    );

create or replace temp table said as
select
    touched.code_id,
    count(transactions.code_id) filter (not cancelled) as scans,
    min(time) filter (not cancelled) as first_redeemed,
    min(time) filter (cancelled) as first_cancelled,
    min(time) filter (code_deleted) as first_deleted,
    scans > 1 or count(previous_time) > 0 as is_repeated,
from touched
left join vouchers.transactions using (code_id)
group by touched.code_id;

insert into vouchers.changes
select
    $import_id as import_id,
    'newly redeemed' as change,
    group_name,
    code,
    null as transaction_id,
from vouchers.codes
join said using (code_id)
where
    codes.first_redeemed is null
    and said.first_redeemed is not null
    and codes.import_id <> $import_id;

update vouchers.codes
set
    scans = said.scans,
    first_redeemed = said.first_redeemed,
    first_cancelled = said.first_cancelled,
    first_deleted = said.first_deleted
from said
where
    codes.code_id = said.code_id
    and (
        codes.scans is distinct from said.scans
        or codes.first_redeemed is distinct from said.first_redeemed
        or codes.first_cancelled is distinct from said.first_cancelled
        or codes.first_deleted is distinct from said.first_deleted
    );
