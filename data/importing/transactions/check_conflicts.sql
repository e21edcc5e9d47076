-- Staged rows that a later row of the same key contradicts, as a warning.
-- One row.
with
    repeated as (
        select transaction_id
        from staged
        group by all
        having count(*) > 1
    ),

    said as (
        select
            rowid as row,
            transaction_id,
            {
                'time': time,
                'code': code,
                'group_name': group_name,
                'campaign_id': campaign_id,
                'campaign_name': campaign_name,
                'site_ref': site_ref,
                'cancelled': cancelled,
                'code_deleted': code_deleted
            } as words,
        from staged
        semi join repeated using (transaction_id)
    ),

    last_said as (
        select transaction_id, arg_max(words, row) as last_words
        from said
        group by all
    )

select
    'overruled' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from said
join last_said using (transaction_id)
where words is distinct from last_words
