-- Applies the staged codes: new ones are added, those that differ are updated,
-- and a scope that is not given erases none.

insert into vouchers.codes by name
select
    code_id,
    code,
    group_name,
    start_date,
    expiry_date,
    redemption_type,
    redemption_quantity,
    item_code,
    parent_code,
    redemption_time,
    folder,
    prefix,
    batch,
    $import_id as import_id,
    if(redemption_time is null, 0, 1) as scans,
    redemption_time as first_redeemed,
    null as first_cancelled,
    null as first_deleted,
from incoming_codes;

insert into vouchers.transactions by name
from redemptions_of_codes_files()
where
    import_id = $import_id
    and code_id not in (select code_id from affected)
order by code_id;

insert into vouchers.changes
select
    $import_id as import_id,
    if(has_new_dates, 'new dates', 'changed') as change,
    group_name,
    code,
    null as transaction_id,
from incoming
where is_changed and not is_new
order by row;

update vouchers.codes
set
    start_date = incoming.start_date,
    expiry_date = incoming.expiry_date,
    redemption_type = incoming.redemption_type,
    redemption_quantity = incoming.redemption_quantity,
    item_code = incoming.item_code,
    parent_code = incoming.parent_code,
    redemption_time = incoming.redemption_time,
    folder = incoming.folder,
    prefix = incoming.prefix,
    batch = incoming.batch
from incoming
where
    codes.code_id = incoming.code_id
    and incoming.is_changed
    and not incoming.is_new;

update vouchers.transactions
set
    code_id = incoming.code_id,
    folder = incoming.folder,
    prefix = incoming.prefix,
    batch = incoming.batch,
    redemption_type = incoming.redemption_type,
    redemption_quantity = incoming.redemption_quantity,
    item_code = incoming.item_code,
    start_date = incoming.start_date,
    expiry_date = incoming.expiry_date
from incoming
where
    transactions.group_name = incoming.group_name
    and transactions.code = incoming.code
    and incoming.code_id in (select code_id from affected);
