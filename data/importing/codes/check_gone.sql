-- What has gone since the last export of the same scope, as warnings.
-- One row per kind that has any.
select 'gone' as kind, count(*) as rows, [] as first_rows, null as detail
from vouchers.changes
where import_id = $import_id and change = 'gone'
having count(*) > 0
union all
select
    'group_gone',
    sum(codes),
    [],
    array_to_string(
        list_slice(list(group_name order by group_name), 1, 6),
        ', '
    )
    || if(count(*) > 6, ' and ' || (count(*) - 6) || ' more', ''),
from (
    select group_name, count(*) as codes
    from vouchers.changes
    where
        import_id = $import_id
        and change = 'gone'
        and group_name not in (select group_name from incoming)
    group by group_name
)
having count(*) > 0
