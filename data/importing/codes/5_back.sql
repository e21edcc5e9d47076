-- Codes that were gone from an export before, and that this file holds again.
insert into vouchers.changes
select
    $import_id as import_id,
    'back' as change,
    group_name,
    code,
    null as transaction_id,
from incoming
semi join (
    select group_name, code
    from vouchers.changes
    where change in ('gone', 'back') and import_id < $import_id
    group by all
    having arg_max(change, import_id) = 'gone'
) as gone using (group_name, code)
order by row
