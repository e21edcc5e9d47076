-- Whether the kept totals can answer what is chosen.
-- One row.
select suffice
from kept_totals_suffice($filters)
