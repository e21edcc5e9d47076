-- The kept rows of $source, staged as its whole file would be.
create or replace temp table staged as
select * exclude (source, row)
from kept_codes
where source = $source
order by row;
