-- Every chosen code, as a codes file of Voucher Manager.
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
    from chosen_codes($filters)
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
