-- Whether a code was among the chosen ones when $last_import was the last.
-- One row.
select count(*) > 0 as held
from chosen_codes($filters)
where code = $code and import_id <= $last_import
