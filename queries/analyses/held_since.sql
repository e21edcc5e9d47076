-- Whether a code is under one heading of since.sql.
-- One row.
select count(*) > 0 as held
from codes_since($filters, $since, $from_import)
where change = $change and code = $code
