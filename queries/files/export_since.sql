-- The chosen codes under one heading of since.sql, as CSV.
-- One row per code, in the order of the store.
copy (
    select
        * replace (
            stamp_text("Start_Date") as "Start_Date",
            stamp_text("Expiry_Date") as "Expiry_Date",
            stamp_text("First_Redemption") as "First_Redemption",
            stamp_text("First_Cancelled") as "First_Cancelled"
        ),
    from since_file($filters, $since, $from_import, $change)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
