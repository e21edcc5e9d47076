-- Hidden characters in the key columns of a staged codes file. Columns of few
-- values are searched by value, which is faster than by row.
-- One row per column that has any, with the first five rows of each.
with
    texts as (
        select 'Group_Name' as column_name, group_name as text, rowid as row
        from staged
        where
            group_name in (
                select group_name
                from (select distinct group_name from staged)
                where has_hidden_signs(group_name)
            )
        union all
        select 'Code', code, rowid
        from staged
        -- Plain blanks in codes have a warning of their own.
        where has_hidden_signs(trim(code, ' '))
        union all
        select 'Aztec_Item_Code', item_code, rowid
        from staged
        where
            item_code in (
                select item_code
                from (select distinct item_code from staged)
                where has_hidden_signs(item_code)
            )
        union all
        select 'Parent_Code', parent_code, rowid
        from staged
        where has_hidden_signs(parent_code)
    )

select
    'hidden_signs' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    column_name as detail,
from texts
group by column_name
order by column_name
