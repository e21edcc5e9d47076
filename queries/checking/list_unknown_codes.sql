-- The codes of list_lines that list_found has not.
-- One row per code, in the order of the list.
select code
from list_lines
where code not in (select code from list_found)
group by code
order by min(line)
