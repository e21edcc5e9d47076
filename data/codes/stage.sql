-- A codes file as typed rows, in the file's order, each with the name of its
-- first column that cannot be stored. Everything is read as text: sniffing
-- turns the code 1E5 into 100000. new_line stays unsaid: with '\r\n' said,
-- DuckDB 2.0.0 reads no row at all and calls it a success.
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
        when is_blank("Code") or is_excel_number("Code") then 'Code'
        when is_blank("Group_Name") then 'Group_Name'
        when is_lost("Start_Date", start_date) then 'Start_Date'
        when is_lost("Expiry_Date", expiry_date) then 'Expiry_Date'
        when is_lost("Aztec_Redemption_Quantity", redemption_quantity)
            then 'Aztec_Redemption_Quantity'
        when is_lost("Redemption_Time", redemption_time) then 'Redemption_Time'
    end as problem,
from read_csv(
    $path,
    auto_detect = false, header = true, strict_mode = true,
    compression = $compression,
    delim = ',', quote = '"', escape = '"', comment = '',
    columns = {
        'Code': 'varchar',
        'Group_Name': 'varchar',
        'Start_Date': 'varchar',
        'Expiry_Date': 'varchar',
        'Aztec_Redemption_Type': 'varchar',
        'Aztec_Redemption_Quantity': 'varchar',
        'Aztec_Item_Code': 'varchar',
        'Parent_Code': 'varchar',
        'Redemption_Time': 'varchar'
    }
);
