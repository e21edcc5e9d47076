-- What earlier imports say of files: those of the same kind, of the same one
-- group and of the same name but for its date. $files are {file, kind, name,
-- only_group}.
-- One row per file of which there is such an import in force.
with
    looked_up as (
        select unnest(
            $files::struct(
                file bigint, kind varchar, name varchar, only_group varchar
            )[],
            recursive := true
        )
    )

select
    looked_up.file,
    arg_max_null(imports.folder, import_id) as folder,
    arg_max_null(imports.prefix, import_id) as prefix,
    arg_max_null(imports.batch, import_id) as batch,
    min(imported_at) as since,
from looked_up
join vouchers.imports
    on imports.kind = looked_up.kind
    and undated(imports.file) = undated(looked_up.name)
    and imports.only_group is not distinct from looked_up.only_group
where undone_at is null
group by looked_up.file
