-- Every chosen code, as a codes file with further columns behind the nine.
-- One row per code, in the order of the store.
copy (
    select
        * replace (
            stamp_text("Start_Date") as "Start_Date",
            stamp_text("Expiry_Date") as "Expiry_Date",
            stamp_text("Redemption_Time") as "Redemption_Time",
            stamp_text("First_Redemption") as "First_Redemption"
        ),
    from codes_file_more($filters)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
