-- What was imported when, from which file, with which scope. Sample data that
-- was cleared is no part of the history.
-- One row per import, the latest first, 500 at most.
select
    import_id,
    imported_at,
    exported_at,
    file,
    kind,
    folder,
    shown_prefix($filters, imports.prefix) as prefix,
    batch,
    rows,
    new,
    updated,
    unchanged,
    duplicates,
    is_sample,
    undone_at,
    if($filters['masked'], null, sha256) as sha256,
from vouchers.imports
where (not is_sample or undone_at is null) and sees_all($filters)
order by import_id desc
limit 500
