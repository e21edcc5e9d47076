-- The imports in force, with all that it takes to replay them.
-- One row per import in force, oldest first.
select
    import_id,
    file,
    kind,
    folder,
    shown_prefix($filters, imports.prefix) as prefix,
    batch,
    if($filters['masked'], null, sha256) as sha256,
    encoding,
    bytes,
    is_sample,
    strftime(imported_at, '%Y-%m-%d %H:%M:%S') as imported_at,
    strftime(exported_at, '%Y-%m-%d %H:%M:%S') as exported_at,
from vouchers.imports
where undone_at is null and sees_all($filters)
order by import_id
