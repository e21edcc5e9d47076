-- Which data a result rests on: the imports in force, and their digest.
-- One row.
select
    count(*) as imports,
    max(import_id) as last_import,
    max(imported_at) as imported_at,
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
