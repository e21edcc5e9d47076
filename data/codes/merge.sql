-- The staged codes into the store: new ones are added, those that say
-- something else are updated, and a scope that is silent erases nothing.

-- One row per key of the file, with the stored row that it meets.
create or replace temp table incoming as
select
    staged.*,
    staged.rowid as row,
    stored.code_id is null as is_new,
    coalesce(stored.code_id, $last_code_id + row + 1) as code_id,
    is_new
    or stored.start_date is distinct from staged.start_date
    or stored.expiry_date is distinct from staged.expiry_date
    or stored.redemption_type is distinct from staged.redemption_type
    or stored.redemption_quantity is distinct from staged.redemption_quantity
    or stored.item_code is distinct from staged.item_code
    or stored.parent_code is distinct from staged.parent_code
    or stored.redemption_time is distinct from staged.redemption_time
    or stored.folder is distinct from coalesce($folder, stored.folder)
    or stored.prefix is distinct from coalesce($prefix, stored.prefix)
    or stored.batch is distinct from coalesce($batch, stored.batch) as is_changed,
    coalesce($folder, stored.folder) as folder,
    coalesce($prefix, stored.prefix) as prefix,
    coalesce($batch, stored.batch) as batch,
from staged
left join vouchers.codes as stored using (group_name, code);

-- One row per code whose redemptions have to be looked at again: an updated
-- code, or a new one that transactions knew before.
create or replace temp table touched as
select code_id
from incoming
where is_changed and not is_new
union all
select distinct incoming.code_id
from vouchers.transactions as known
join incoming using (group_name, code)
where known.code_id is null and incoming.is_new;

begin transaction;

insert into vouchers.codes
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
from incoming
where is_new
order by row;

insert into vouchers.transactions by name
select
    redemption_time as time,
    code,
    group_name,
    false as cancelled,
    false as code_deleted,
    $import_id as import_id,
    true as from_codes_file,
    code_id,
    folder,
    prefix,
    batch,
    redemption_type,
    redemption_quantity,
    item_code,
from incoming
where
    is_new
    and redemption_time is not null
    and code_id not in (select code_id from touched)
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
    item_code = incoming.item_code
from incoming
where
    transactions.group_name = incoming.group_name
    and transactions.code = incoming.code
    and incoming.code_id in (select code_id from touched);
