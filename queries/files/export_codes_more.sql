-- Every chosen code, as a codes file with further columns behind the nine.
-- One row per code, in the order of the store.
copy (
    select
        code as "Code",
        group_name as "Group_Name",
        stamp_text(start_date) as "Start_Date",
        stamp_text(expiry_date) as "Expiry_Date",
        redemption_type as "Aztec_Redemption_Type",
        redemption_quantity as "Aztec_Redemption_Quantity",
        item_code as "Aztec_Item_Code",
        parent_code as "Parent_Code",
        stamp_text(redemption_time) as "Redemption_Time",
        status as "Status",
        folder as "Folder",
        batch as "Batch",
        prefix as "Prefix",
        scans as "Scans",
        stamp_text(first_redeemed) as "First_Redemption",
    from chosen_codes($filters)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
