-- How many batches the chosen codes come from; no batch counts as one.
-- One row.
select count(*) as batches
from (select distinct batch from chosen_code_totals($code_totals, $filters))
