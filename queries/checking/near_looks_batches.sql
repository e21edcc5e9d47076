-- The batches that may hold near misses of near_looks.
-- One row per batch.
select batch
from batches_alike(
    (select list(distinct ltrim(looks(code), '0')) from list_unknown)
)
