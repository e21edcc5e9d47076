-- New groups, campaigns and sites that differ from another one only by case, by
-- blanks or by hidden characters.
-- One row per column that has any, with the first five rows of such names.
with
    known as (
        select 'Group_Name' as column_name, group_name as name
        from vouchers.code_totals
        union
        select 'Group_Name', group_name
        from vouchers.redemption_totals
        union
        select 'Campaign_ID', campaign_id
        from vouchers.redemption_totals
        union
        select 'Site_Ref', site_ref
        from vouchers.site_totals
    ),

    names as (
        select 'Group_Name' as column_name, group_name as name
        from incoming
        group by all
        union all
        select 'Campaign_ID', campaign_id
        from incoming
        group by all
        union all
        select 'Site_Ref', site_ref
        from incoming
        group by all
    ),

    every as (
        from known
        union
        from names
    ),

    alike as (
        select distinct fresh.column_name, fresh.name
        from names as fresh
        anti join known using (column_name, name)
        join every
            on every.column_name = fresh.column_name
            and every.name <> fresh.name
            and looks(every.name) = looks(fresh.name)
    ),

    rows_of_alike as (
        select row, column_name
        from incoming
        join alike
            on name = case column_name
                when 'Group_Name' then group_name
                when 'Campaign_ID' then campaign_id
                when 'Site_Ref' then site_ref
            end
        where (select count(*) from alike) > 0
    )

select
    'alike_name' as kind,
    count(*) as rows,
    min(row, 5) as first_rows,
    column_name as detail,
from rows_of_alike
group by column_name
order by column_name
