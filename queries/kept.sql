-- Which of the kept totals can answer what is chosen.
-- One row.
from kept_totals_suffice($filters)
