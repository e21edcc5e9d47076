-- Whether a code is among the chosen ones.
-- One row.
select count(*) > 0 as held
from chosen_codes($filters)
where code = $code
