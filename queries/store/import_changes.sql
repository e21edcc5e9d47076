-- What an import changed, and how often: what is new first.
-- One row per way of changing that there was.
select change, count
from (
    select 'new codes' as change, count(*) as count
    from vouchers.codes
    where import_id = $import_id and sees_all($filters)
    having count(*) > 0
    union all
    select 'new transactions', count(*)
    from vouchers.transactions
    where
        import_id = $import_id
        and not from_codes_file
        and sees_all($filters)
    having count(*) > 0
    union all
    select change, count(*)
    from vouchers.changes
    where import_id = $import_id and sees_all($filters)
    group by change
)
order by
    case change
        when 'new codes' then 1
        when 'new transactions' then 2
        else 3
    end,
    change
