-- The rows of a store without what the app derives from them, as two tables
-- that an analyst could have loaded from the files.
create table codes as
select
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
from vouchers.codes;

create table transactions as
select
    transaction_id,
    time,
    code,
    group_name,
    campaign_id,
    campaign_name,
    site_ref,
    cancelled,
    code_deleted,
    from_codes_file,
    folder,
    prefix,
    batch,
from vouchers.transactions;
