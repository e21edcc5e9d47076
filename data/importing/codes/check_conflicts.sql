-- Staged rows that a later row of the same key contradicts, as a warning.
-- One row.
with
    repeated as (
        select group_name, code
        from staged
        group by all
        having count(*) > 1
    ),

    versions as (
        select rowid as row, group_name, code, staged as version,
        from staged
        semi join repeated using (group_name, code)
    ),

    last_versions as (
        select group_name, code, arg_max(version, row) as last_version
        from versions
        group by all
    )

select
    'overruled' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from versions
join last_versions using (group_name, code)
where version is distinct from last_version
