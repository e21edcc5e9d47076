-- Which batches may hold the code $search, by their first and last codes.
-- One row per batch.
select batch
from batches_around($filters, $search)
