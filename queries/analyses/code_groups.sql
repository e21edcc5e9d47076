-- In which groups the code $code is, and which of them have a codes file of it.
-- One row per group, by its name.
select group_name, is_stored
from groups_of($filters, $code, $stored)
order by group_name
