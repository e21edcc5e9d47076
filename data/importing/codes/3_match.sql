-- The staged rows beside the stored ones.
-- One row per key of the file, with the stored row that it matches.
create or replace temp table matched as
select
    staged.*,
    row_of(staged.rowid) as row,
    stored.code_id is null as is_new,
    coalesce(stored.code_id, $last_code_id + row + 1) as code_id,
    stored.start_date is distinct from staged.start_date
    or stored.expiry_date is distinct from staged.expiry_date as has_new_dates,
    has_new_dates
    or stored.redemption_type is distinct from staged.redemption_type
    or stored.redemption_quantity is distinct from staged.redemption_quantity
    or stored.item_code is distinct from staged.item_code
    or stored.parent_code is distinct from staged.parent_code
    or stored.folder is distinct from coalesce($folder, stored.folder)
    or stored.prefix is distinct from coalesce($prefix, stored.prefix)
    or stored.batch is distinct from coalesce($batch, stored.batch)
    or (
        stored.redemption_time is not null
        and stored.redemption_time is distinct from staged.redemption_time
    ) as is_changed_otherwise,
    is_new
    or is_changed_otherwise
    or stored.redemption_time is distinct from staged.redemption_time
    as is_changed,
    coalesce($folder, stored.folder) as folder,
    coalesce($prefix, stored.prefix) as prefix,
    coalesce($batch, stored.batch) as batch,
from staged
left join vouchers.codes as stored using (group_name, code);

-- One row per key of the file.
create or replace temp view incoming as
from matched;

-- One row per new code, in the file's order, which the join above has lost.
create or replace temp view incoming_codes as
from matched
where is_new
order by row;
