-- Whether a code was among the chosen redemptions when $last_import was the
-- last.
-- One row.
select count(*) > 0 as held
from chosen_transactions($filters)
where code = $code and import_id <= $last_import and not from_codes_file
