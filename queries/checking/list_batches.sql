-- The batches that may hold the codes of list_lines, of which there are few.
-- One row per batch.
select batch
from batches_near([], (select list(distinct code) from list_lines))
