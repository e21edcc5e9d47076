-- Hidden characters in the key columns of a staged transactions file.
-- One row per column that has any, with the first five rows of each.
with
    texts as (
        unpivot (
            select
                rowid as row,
                -- Plain blanks in codes have a warning of their own.
                has_hidden_signs(trim(code, ' ')) as "Code",
                has_hidden_signs(transaction_id) as "Transaction_ID",
                has_hidden_signs(group_name) as "Group_Name",
                has_hidden_signs(campaign_id) as "Campaign_ID",
                has_hidden_signs(campaign_name) as "Campaign_Name",
                has_hidden_signs(site_ref) as "Site_Ref",
            from staged
        )
        on columns(* exclude (row))
        into name column_name value has_any
    )

select
    'hidden_signs' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    column_name as detail,
from texts
where has_any
group by column_name
order by column_name
