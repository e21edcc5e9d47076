-- How many staged rows have a key that is not stored.
-- One row.
select count(*)
from incoming
where is_new
