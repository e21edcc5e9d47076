-- What the table of files says of the file of $kind at $path.
-- One row.
select
    count(*) as rows,
    coalesce(min(position), 0) as first_position,
    coalesce(max(position), -1) as last_position,
    if($kind = 'codes', max(code_id), null) as last_code_id,
from rows_in([$path])
