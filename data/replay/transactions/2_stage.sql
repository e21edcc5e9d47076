-- Stages the kept rows of $source as its whole file would be.
-- One row per kept row, in the order of the file.
create or replace temp table staged as
select * exclude (source, row)
from kept_transactions
where source = $source
order by row;
