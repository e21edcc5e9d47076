-- What the imports since a day or an import did to the chosen codes. Each code
-- is under one heading: heading_since() says which. Without either: since
-- the Monday of the newest import's week.
-- One row per kind of change, group and batch that has any code.
with
    changed as materialized (
        select
            change,
            is_new,
            group_name,
            coalesce(batch, '(no batch)') as batch,
            count(*) as codes,
        from codes_since($filters, $since, $from_import)
        where is_touched
        group by all
    ),

    counted as (
        select
            'new codes' as change,
            group_name,
            coalesce(batch, '(no batch)') as batch,
            total(codes) as codes,
        from chosen_code_totals($code_totals, $filters)
        where
            import_id in (
                select import_id
                from imports_since($since, $from_import)
            )
        group by all
        union all
        -- The totals count as new also what is gone again.
        select 'new codes', group_name, batch, -codes
        from changed
        where is_new and change = 'gone'
        union all
        select change, group_name, batch, codes
        from changed
        where change <> 'new codes'
    )

select change, group_name, batch, total(codes) as codes
from counted
group by change, group_name, batch
having total(codes) > 0
order by list_position(headings_since(), change), group_name, batch
