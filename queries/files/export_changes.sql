-- All codes and transactions that an import changed in the way $change.
-- One row per code or transaction.
copy (
    select
        group_name as "Group_Name",
        code as "Code",
        null as "Transaction_ID",
    from vouchers.codes
    where $change = 'new codes' and import_id = $import_id
    union all
    select group_name, code, transaction_id
    from vouchers.transactions
    where
        $change = 'new transactions'
        and import_id = $import_id
        and not from_codes_file
    union all
    select group_name, code, transaction_id
    from vouchers.changes
    where change = $change and import_id = $import_id
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
