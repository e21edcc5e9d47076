-- How many codes were issued.
-- One row.
select count(*) as codes_issued
from codes
where {codes}
