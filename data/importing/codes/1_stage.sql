-- A codes file as typed rows, in the file's order, each with the name of its
-- first column that cannot be stored. SQL names have no case: start_date would
-- mean the file's "Start_Date" here, so the case below converts the texts once
-- more.
-- One row per row of the file.
create or replace temp table staged as
select
    "Code" as code,
    "Group_Name" as group_name,
    stamp("Start_Date") as start_date,
    stamp("Expiry_Date") as expiry_date,
    "Aztec_Redemption_Type" as redemption_type,
    whole("Aztec_Redemption_Quantity") as redemption_quantity,
    "Aztec_Item_Code" as item_code,
    "Parent_Code" as parent_code,
    stamp("Redemption_Time") as redemption_time,
    case
        when
            is_blank("Code") or is_excel_number("Code") or is_masked("Code")
            then 'Code'
        when is_blank("Group_Name") or is_longer("Group_Name", $longest)
            then 'Group_Name'
        when is_lost("Start_Date", stamp("Start_Date")) then 'Start_Date'
        when is_lost("Expiry_Date", stamp("Expiry_Date")) then 'Expiry_Date'
        when is_longer("Aztec_Redemption_Type", $longest)
            then 'Aztec_Redemption_Type'
        when
            is_lost(
                "Aztec_Redemption_Quantity", whole("Aztec_Redemption_Quantity")
            )
            then 'Aztec_Redemption_Quantity'
        when is_longer("Aztec_Item_Code", $longest) then 'Aztec_Item_Code'
        when is_masked("Parent_Code") then 'Parent_Code'
        when is_lost("Redemption_Time", stamp("Redemption_Time"))
            then 'Redemption_Time'
    end as problem,
from csv_file($path, $columns);
