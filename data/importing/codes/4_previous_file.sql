-- The last codes file of the same scope as the staged one. Without a scope two
-- files are of the same thing when each is of the same one group and they have
-- the same name, but for its date.
-- One row or none.
select sha256, encoding
from vouchers.imports
where
    kind = 'codes'
    and undone_at is null
    and import_id < $import_id
    and folder is not distinct from $folder
    and prefix is not distinct from $prefix
    and batch is not distinct from $batch
    and (
        coalesce($folder, $prefix, $batch) is not null
        or (
            undated(file) = undated($file)
            and only_group = (
                select
                    if(
                        min(group_name) = max(group_name), min(group_name), null
                    )
                from staged
            )
        )
    )
order by import_id desc
limit 1
