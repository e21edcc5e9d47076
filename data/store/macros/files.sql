-- The files that leave the app: typed columns under Voucher Manager's names.

-- One row per chosen code, in the order of the store: the nine columns of a
-- codes file, and what else is known of the code. A list is joined, and a join
-- of many rows does not keep their order: then they are sorted.
create macro codes_file_more(f) as table
with
    as_read as (
        from codes_for_sql(f)
    ),

    sorted as (
        from codes_for_sql(f)
        order by "Code_ID"
    )

select * exclude ("Code_ID", "Live", "Age_Days"),
from query_table(if(f['listed'] is null, 'as_read', 'sorted'));

-- One row per chosen code, in the order of the store, as in a codes file.
create macro codes_file(f) as table
select
    * exclude (
        "Status", "Folder", "Batch", "Prefix", "Scans", "First_Redemption"
    ),
from codes_file_more(f);

-- One row per chosen transaction, as in a transactions file, in the order of
-- the store; where a status or a list chooses them, by their IDs: both are
-- joined, and a join of many rows does not keep their order.
create macro transactions_file(f) as table
with
    as_read as (
        select * exclude ("Code_ID", "Folder", "Batch", "From_Codes_File"),
        from redemptions_for_sql(f)
        where not "From_Codes_File"
    ),

    sorted as (
        from as_read
        order by
            "Transaction_ID", "Time", "Code", "Group_Name", "Campaign_ID",
            "Campaign_Name", "Site_Ref", "Cancelled", "Code Deleted"
    )

from query_table(
    if(
        f['status'] is null and f['status!'] is null and f['listed'] is null,
        'as_read',
        'sorted'
    )
);

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
