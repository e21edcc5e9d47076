-- How many chosen codes have $search in them.
-- One row.
select count(*) as codes
from chosen_codes($filters)
where $search is null or contains(lower(code), lower($search))
