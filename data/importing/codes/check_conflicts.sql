-- Staged rows that a later row of the same key contradicts, as a warning.
-- One row.
with
    repeated as (
        select group_name, code
        from staged
        group by all
        having count(*) > 1
    ),

    said as (
        select
            rowid as row,
            group_name, code,
            {
                'start_date': start_date,
                'expiry_date': expiry_date,
                'redemption_type': redemption_type,
                'redemption_quantity': redemption_quantity,
                'item_code': item_code,
                'parent_code': parent_code,
                'redemption_time': redemption_time
            } as words,
        from staged
        semi join repeated using (group_name, code)
    ),

    last_said as (
        select group_name, code, arg_max(words, row) as last_words
        from said
        group by all
    )

select
    'overruled' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from said
join last_said using (group_name, code)
where words is distinct from last_words
