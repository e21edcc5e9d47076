-- Which batches may hold codes that begin with one of $starts, or are one of
-- $points, by their first and last codes.
-- One row per batch.
select batch
from batches_near($starts, $points)
