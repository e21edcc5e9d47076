-- Every chosen code, as a codes file of Voucher Manager.
-- One row per code, in the order of the store.
copy (
    select
        * replace (
            stamp_text("Start_Date") as "Start_Date",
            stamp_text("Expiry_Date") as "Expiry_Date",
            stamp_text("Redemption_Time") as "Redemption_Time"
        ),
    from codes_file($filters)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
