-- Applies the staged transactions, each with the columns of its stored code.

insert into vouchers.changes
select
    $import_id as import_id,
    if(is_cancelled_now, 'newly cancelled', 'changed') as change,
    group_name,
    code,
    transaction_id,
from incoming
where is_changed and not is_new
order by row;

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
    codes.start_date,
    codes.expiry_date,
from incoming
left join vouchers.codes using (group_name, code)
where incoming.is_changed
order by row;
