-- Whether a code is among the chosen transactions.
-- One row.
select count(*) > 0 as held
from chosen_transactions($filters)
where code = $code and not from_codes_file
