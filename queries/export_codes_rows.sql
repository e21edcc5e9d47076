-- How many rows the codes file would have.
-- One row.
select count(*) as rows
from chosen_codes($filters)
