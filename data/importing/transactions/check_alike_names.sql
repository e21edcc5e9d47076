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
        unpivot (
            select
                row,
                group_name as "Group_Name",
                campaign_id as "Campaign_ID",
                site_ref as "Site_Ref",
            from incoming
            where is_changed
        )
        on columns(* exclude (row))
        into name column_name value name
    ),

    fresh as (
        select column_name, name, count(*) as rows, min(row, 5) as first_rows
        from names
        anti join known using (column_name, name)
        group by all
    ),

    every as (
        from known
        union all
        select column_name, name
        from fresh
    )

select
    'alike_name' as kind,
    sum(rows)::bigint as rows,
    list_slice(list_sort(flatten(list(first_rows))), 1, 5) as first_rows,
    column_name as detail,
from fresh
where
    exists (
        from every
        where
            every.column_name = fresh.column_name
            and every.name <> fresh.name
            and looks(every.name) = looks(fresh.name)
    )
group by column_name
order by column_name
