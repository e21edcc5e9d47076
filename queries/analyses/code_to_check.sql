-- What is worth a look at the code $code of the group $group_name, as far as
-- its own rows tell: not what its parent is, and not that of its sites.
-- One row per check that finds it, in the order of all checks.
select "check"
from checks_of_code($filters, $code, $group_name, $stored, $minutes)
order by list_position(names_of_checks(), "check")
