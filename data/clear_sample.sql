-- The made-up chain goes; what real files brought stays and counts alone.
create or replace temp table touched as
select distinct code_id
from vouchers.transactions
semi join (from vouchers.imports where is_sample) as made_up using (import_id)
where code_id is not null;

begin transaction;

delete from vouchers.transactions
where import_id in (select import_id from vouchers.imports where is_sample);

delete from vouchers.codes
where import_id in (select import_id from vouchers.imports where is_sample);

update vouchers.transactions
set
    code_id = null,
    folder = own_folder,
    prefix = null,
    batch = own_batch,
    redemption_type = null,
    redemption_quantity = null,
    item_code = null
where code_id is not null and code_id not in (select code_id from vouchers.codes);

delete from vouchers.imports where is_sample;
