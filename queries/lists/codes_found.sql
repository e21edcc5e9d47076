-- How many chosen codes have $search in them, or where $whole are $search.
-- One row.
select count(*) as codes
from chosen_codes($filters)
where is_sought($filters, $search, $whole, code)
