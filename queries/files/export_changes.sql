-- All codes and transactions that an import changed in the way $change.
-- One row per code or transaction.
copy (
    select
        group_name as "Group_Name",
        code as "Code",
        transaction_id as "Transaction_ID",
    from rows_of_change($filters, $import_id, $change)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
