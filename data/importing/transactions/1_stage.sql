-- A transactions file as typed rows, in the file's order, each with the name
-- of its first column that cannot be stored. See codes/1_stage.sql.
-- One row per row of the file.
create or replace temp table staged as
select
    "Transaction_ID" as transaction_id,
    stamp("Time") as time,
    "Code" as code,
    "Group_Name" as group_name,
    "Campaign_ID" as campaign_id,
    "Campaign_Name" as campaign_name,
    "Site_Ref" as site_ref,
    yes_or_no("Cancelled") as cancelled,
    yes_or_no("Code Deleted") as code_deleted,
    case
        when is_blank("Transaction_ID") or is_masked("Transaction_ID")
            then 'Transaction_ID'
        when stamp("Time") is null then 'Time'
        when
            is_blank("Code") or is_excel_number("Code") or is_masked("Code")
            then 'Code'
        when is_longer("Group_Name", $longest) then 'Group_Name'
        when is_longer("Campaign_ID", $longest) then 'Campaign_ID'
        when is_longer("Campaign_Name", $longest) then 'Campaign_Name'
        when is_longer("Site_Ref", $longest) then 'Site_Ref'
        when yes_or_no("Cancelled") is null then 'Cancelled'
        when yes_or_no("Code Deleted") is null then 'Code Deleted'
    end as problem,
from csv_file($path, $columns);
