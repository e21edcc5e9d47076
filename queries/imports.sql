-- What was imported when, from which file, with which scope.
-- One row per import, the latest first.
select
    import_id,
    imported_at,
    file,
    kind,
    folder,
    prefix,
    batch,
    rows,
    new,
    updated,
    unchanged,
    duplicates,
    is_sample,
    undone_at,
    sha256,
from vouchers.imports
order by import_id desc
limit 500
