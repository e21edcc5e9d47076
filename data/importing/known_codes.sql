-- What the store knows of some codes of files: $codes are {file, group_name,
-- code}. A scope is known where all of a file's known codes have it.
-- One row per file of which any code is known.
with
    looked_up as (
        select unnest(
            $codes::struct(file bigint, group_name varchar, code varchar)[],
            recursive := true
        )
    ),

    known as (
        select
            looked_up.file,
            codes.folder,
            codes.prefix,
            codes.batch,
            imports.imported_at,
        from looked_up
        join vouchers.codes using (group_name, code)
        join vouchers.imports using (import_id)
    )

select
    file,
    count(*) as codes,
    the_one(folder) as folder,
    the_one(prefix) as prefix,
    the_one(batch) as batch,
    min(imported_at) as since,
from known
group by file
