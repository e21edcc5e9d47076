-- How many rows the codes file would have.
-- One row.
select total(codes) as rows
from chosen_code_totals($code_totals, $filters)
