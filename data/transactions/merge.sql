-- The staged transactions into the store, each with what its stored code says.

-- One row per key of the file, with the stored rows that it meets.
create or replace temp table incoming as
select
    staged.*,
    staged.rowid as row,
    stored.transaction_id is null as is_new,
    is_new
    or stored.time is distinct from staged.time
    or stored.code is distinct from staged.code
    or stored.group_name is distinct from staged.group_name
    or stored.campaign_id is distinct from staged.campaign_id
    or stored.campaign_name is distinct from staged.campaign_name
    or stored.site_ref is distinct from staged.site_ref
    or stored.cancelled is distinct from staged.cancelled
    or stored.code_deleted is distinct from staged.code_deleted
    or stored.own_folder is distinct from coalesce($folder, stored.own_folder)
    or stored.own_prefix is distinct from coalesce($prefix, stored.own_prefix)
    or stored.own_batch is distinct from coalesce($batch, stored.own_batch)
    as is_changed,
    coalesce($folder, stored.own_folder) as own_folder,
    coalesce($prefix, stored.own_prefix) as own_prefix,
    coalesce($batch, stored.own_batch) as own_batch,
    coalesce(stored.import_id, $import_id) as import_id,
    stored.code_id as code_id_before,
from staged
left join vouchers.transactions as stored using (transaction_id);

-- One row per code whose redemptions have to be looked at again.
create or replace temp table touched as
select codes.code_id
from vouchers.codes
semi join (from incoming where is_changed) as changed using (group_name, code)
union
select code_id_before
from incoming
where is_changed and code_id_before is not null;

begin transaction;

delete from vouchers.transactions
where transaction_id in (
    select transaction_id
    from incoming
    where is_changed and not is_new
);

insert into vouchers.transactions by name
select
    incoming.transaction_id,
    incoming.time,
    incoming.code,
    incoming.group_name,
    incoming.campaign_id,
    incoming.campaign_name,
    incoming.site_ref,
    incoming.cancelled,
    incoming.code_deleted,
    incoming.own_folder,
    incoming.own_prefix,
    incoming.own_batch,
    incoming.import_id,
    false as from_codes_file,
    codes.code_id,
    if(codes.code_id is null, incoming.own_folder, codes.folder) as folder,
    codes.prefix,
    if(codes.code_id is null, incoming.own_batch, codes.batch) as batch,
    codes.redemption_type,
    codes.redemption_quantity,
    codes.item_code,
from incoming
left join vouchers.codes using (group_name, code)
where incoming.is_changed
order by row;
