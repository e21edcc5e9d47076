-- Staged rows that a later row of the same key contradicts, as a warning.
-- One row.
with
    repeated as (
        select transaction_id
        from staged
        group by all
        having count(*) > 1
    ),

    versions as (
        select rowid as row, transaction_id, staged as version,
        from staged
        semi join repeated using (transaction_id)
    ),

    last_versions as (
        select transaction_id, arg_max(version, row) as last_version
        from versions
        group by all
    )

select
    'overruled' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from versions
join last_versions using (transaction_id)
where version is distinct from last_version
