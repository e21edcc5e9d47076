-- The staged rows where no stored code can be one of them: nothing to match, to
-- copy or to sort. The views take no parameters, but they see a variable.
set variable scope_of_file = {
    'folder': $folder::varchar,
    'prefix': $prefix::varchar,
    'batch': $batch::varchar,
    'last_code_id': $last_code_id::bigint
};

-- One row per key of the file, with the columns of 3_match.sql.
create or replace temp view incoming as
select
    staged.*,
    row_of(staged.rowid) as row,
    true as is_new,
    getvariable('scope_of_file')['last_code_id'] + row + 1 as code_id,
    false as has_new_dates,
    false as is_changed_otherwise,
    true as is_changed,
    getvariable('scope_of_file')['folder'] as folder,
    getvariable('scope_of_file')['prefix'] as prefix,
    getvariable('scope_of_file')['batch'] as batch,
from staged;

-- One row per key of the file, in its order.
create or replace temp view incoming_codes as
from incoming;
