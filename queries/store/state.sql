-- Which data a result rests on: the imports in force, and their digest. Who
-- does not see all rows gets the digest alone, which tells of a change.
-- One row.
select
    if(sees_all($filters), count(*), null) as imports,
    if(sees_all($filters), max(import_id), null) as last_import,
    if(sees_all($filters), max(imported_at), null) as imported_at,
    sha256(
        coalesce(
            string_agg(
                concat_ws(
                    ' ',
                    import_id,
                    sha256,
                    coalesce(sha256(folder), '-'),
                    coalesce(sha256(prefix), '-'),
                    coalesce(sha256(batch), '-')
                ),
                ' '
                order by import_id
            ),
            ''
        )
    ) as digest,
from vouchers.imports
where undone_at is null
