-- Which batches may hold the code $search, by their first and last ones.
-- One row per batch.
select batch
from batches_around($search)
