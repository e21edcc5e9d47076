-- The staged rows beside the stored ones.
-- One row per key of the file, with the stored rows that it matches.
create or replace temp table matched as
select
    staged.*,
    row_of(staged.rowid) as row,
    stored.transaction_id is null as is_new,
    not is_new and staged.cancelled and not stored.cancelled
    as is_cancelled_now,
    is_new
    or stored.time is distinct from staged.time
    or stored.code is distinct from staged.code
    or stored.group_name is distinct from staged.group_name
    or stored.campaign_id is distinct from staged.campaign_id
    or stored.campaign_name is distinct from staged.campaign_name
    or stored.site_ref is distinct from staged.site_ref
    or is_cancelled_now
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
    stored.group_name as group_before,
    stored.code as code_before,
from staged
left join vouchers.transactions as stored using (transaction_id);

-- One row per key of the file.
create or replace temp view incoming as
from matched;
