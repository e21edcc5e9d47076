-- Every chosen transaction, as a transactions file of Voucher Manager.
-- One row per transaction, in the order of the store.
copy (
    select
        transaction_id as "Transaction_ID",
        stamp_text(time) as "Time",
        code as "Code",
        group_name as "Group_Name",
        campaign_id as "Campaign_ID",
        campaign_name as "Campaign_Name",
        site_ref as "Site_Ref",
        if(cancelled, 'Yes', 'No') as "Cancelled",
        if(code_deleted, 'Yes', 'No') as "Code Deleted",
    from chosen_transactions($filters)
    where not from_codes_file
) to $file (
    format csv, header, delimiter ',', quote '"', escape '"', comment '',
    use_tmp_file false
)
