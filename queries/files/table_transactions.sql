-- Every chosen transaction, typed, under the names of Voucher Manager.
-- One row per transaction, in the order of the store.
select
    transaction_id as "Transaction_ID",
    time as "Time",
    code as "Code",
    group_name as "Group_Name",
    campaign_id as "Campaign_ID",
    campaign_name as "Campaign_Name",
    site_ref as "Site_Ref",
    cancelled as "Cancelled",
    code_deleted as "Code Deleted",
from chosen_transactions($filters)
where not from_codes_file
