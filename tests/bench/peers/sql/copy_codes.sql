-- All codes as a file of Voucher Manager.
-- One row per code.
copy (
    select
        code as "Code",
        group_name as "Group_Name",
        start_date as "Start_Date",
        expiry_date as "Expiry_Date",
        redemption_type as "Aztec_Redemption_Type",
        redemption_quantity as "Aztec_Redemption_Quantity",
        item_code as "Aztec_Item_Code",
        parent_code as "Parent_Code",
        redemption_time as "Redemption_Time"
    from codes
) to $file (header, timestampformat '%d/%m/%Y %H:%M')
