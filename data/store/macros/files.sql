-- The files that leave the app: typed columns under Voucher Manager's names.

-- One row per chosen code, in the order of the store: the nine columns of a
-- codes file, and what else is known of the code.
create macro codes_file_more(f) as table
select * exclude ("Code_ID", "Live", "Age_Days"),
from codes_for_sql(f);

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
select * exclude ("Code_ID", "Folder", "Batch", "From_Codes_File"),
from redemptions_for_sql(f)
where not "From_Codes_File";

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
