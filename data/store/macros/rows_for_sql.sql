-- What analysts' SQL reads, of which files have the most: typed columns under
-- Voucher Manager's names. Code_ID stands for a stored code: by it codes are
-- joined and counted, also where a person sees them masked.

-- One row per chosen code, in the order of the store: the nine columns of a
-- codes file, what else is known of the code, and what charts judge it by.
create macro codes_for_sql(f) as table
with
    plain as (
        select
            code as "Code",
            group_name as "Group_Name",
            start_date as "Start_Date",
            expiry_date as "Expiry_Date",
            redemption_type as "Aztec_Redemption_Type",
            redemption_quantity as "Aztec_Redemption_Quantity",
            item_code as "Aztec_Item_Code",
            parent_code as "Parent_Code",
            redemption_time as "Redemption_Time",
            status as "Status",
            folder as "Folder",
            batch as "Batch",
            prefix as "Prefix",
            scans as "Scans",
            first_redeemed as "First_Redemption",
            code_id as "Code_ID",
            is_live_by_dates(f, start_date, expiry_date) as "Live",
            age_of(start_date, f['data_until']) as "Age_Days",
        from judged_codes(f['asof'], f)
    ),

    masked as (
        select
            * replace (
                shown_code(f, "Code", "Prefix") as "Code",
                shown_code(f, "Parent_Code", "Prefix") as "Parent_Code",
                shown_prefix(f, "Prefix") as "Prefix"
            ),
        from plain
    )

from query_table(if(f['masked'], 'masked', 'plain'));

-- One row per chosen redemption, those known only from codes files included:
-- the nine columns of a transactions file, and of what the redemption is.
create macro redemptions_for_sql(f) as table
with
    plain as (
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
            code_id as "Code_ID",
            folder as "Folder",
            batch as "Batch",
            from_codes_file as "From_Codes_File",
            prefix as "Prefix",
        from chosen_transactions(f)
    ),

    masked as (
        select
            * replace (
                shown_id(f, "Transaction_ID", "Code") as "Transaction_ID",
                shown_code(f, "Code", "Prefix") as "Code"
            ),
        from plain
    )

select * exclude ("Prefix"),
from query_table(if(f['masked'], 'masked', 'plain'));
