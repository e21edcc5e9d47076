-- What the staged rows did, and the group of all of them if it is one.
-- One row.
select
    count(*) filter (is_new) as new,
    count(*) filter (is_changed and not is_new) as updated,
    if(min(group_name) = max(group_name), min(group_name), null) as only_group,
from incoming
