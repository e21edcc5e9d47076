-- Every chosen transaction, as a transactions file of Voucher Manager.
-- One row per transaction, in the order of the store.
copy (
    select
        * replace (
            stamp_text("Time") as "Time",
            yes_no_text("Cancelled") as "Cancelled",
            yes_no_text("Code Deleted") as "Code Deleted"
        ),
    from transactions_file($filters)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
