-- The chosen codes that stand in a list, list_lines.
-- One row per code and group, with its status as of the moment.
select code, group_name, status, code_id
from judged_codes($asof, $filters)
where code in (select code from list_lines)
