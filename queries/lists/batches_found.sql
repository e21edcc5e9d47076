-- How many batches the chosen codes come from; no batch counts as one.
-- One row.
select count(distinct coalesce(batch, '(no batch)')) as batches
from chosen_code_totals($code_totals, $filters)
