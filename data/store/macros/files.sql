-- The files that leave the app: typed columns under Voucher Manager's names.

-- One row per chosen code, in the order of the store: the nine columns of a
-- codes file, and what else is known of the code.
create macro codes_file_more(f) as table
with
    plain as (
        select
            code as "Code",
            group_name as "Group_Name",
            start_date as "Start_Date",
            expiry_date as "Expiry_Date",
            redemption_type as "Aztec_Redemption_Type",
            redemption_quantity as "Aztec_Redemption_Quantity",
            item_code as "Aztec_Item_Code",
            parent_code as "Parent_Code",
            redemption_time as "Redemption_Time",
            status as "Status",
            folder as "Folder",
            batch as "Batch",
            prefix as "Prefix",
            scans as "Scans",
            first_redeemed as "First_Redemption",
        from judged_codes(f['asof'], f)
    ),

    masked as (
        select
            * replace (
                shown_code(f, "Code", "Prefix") as "Code",
                shown_code(f, "Parent_Code", "Prefix") as "Parent_Code",
                shown_prefix(f, "Prefix") as "Prefix"
            ),
        from plain
    )

from query_table(if(f['masked'], 'masked', 'plain'));

-- One row per chosen code, in the order of the store, as in a codes file.
create macro codes_file(f) as table
select
    * exclude (
        "Status", "Folder", "Batch", "Prefix", "Scans", "First_Redemption"
    ),
from codes_file_more(f);

-- One row per chosen transaction, in the order of the store, as in a
-- transactions file.
create macro transactions_file(f) as table
with
    plain as (
        select
            transaction_id as "Transaction_ID",
            time as "Time",
            code as "Code",
            group_name as "Group_Name",
            campaign_id as "Campaign_ID",
            campaign_name as "Campaign_Name",
            site_ref as "Site_Ref",
            cancelled as "Cancelled",
            code_deleted as "Code Deleted",
            prefix as "Prefix",
        from chosen_transactions(f)
        where not from_codes_file
    ),

    masked as (
        select
            * replace (
                shown_id(f, "Transaction_ID", "Code") as "Transaction_ID",
                shown_code(f, "Code", "Prefix") as "Code"
            ),
        from plain
    )

select * exclude ("Prefix"),
from query_table(if(f['masked'], 'masked', 'plain'));

-- One row per code or transaction that an import changed in one way.
create macro rows_of_change(f, import, way) as table
with changed as (
    select group_name, code, prefix, null as transaction_id
    from vouchers.codes
    where way = 'new codes' and import_id = import
    union all
    select group_name, code, prefix, transaction_id
    from vouchers.transactions
    where
        way = 'new transactions'
        and import_id = import
        and not from_codes_file
    union all
    select group_name, code, null as prefix, transaction_id
    from vouchers.changes
    where change = way and import_id = import
)

select
    group_name,
    shown_code(f, code, prefix) as code,
    shown_id(f, transaction_id, code) as transaction_id,
from changed
where sees_all(f);

-- A time as Voucher Manager writes it. Its format stops at minutes; seconds
-- that a file had are not dropped.
create macro stamp_text(value) as
    if(
        second(value) = 0,
        strftime(value, '%d/%m/%Y %H:%M'),
        strftime(value, '%d/%m/%Y %H:%M:%S')
    );

create macro yes_no_text(value) as if(value, 'Yes', 'No');
