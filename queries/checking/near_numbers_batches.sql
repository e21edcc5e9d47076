-- The batches that may hold near misses of near_numbers, which begin with a
-- digit.
-- One row per batch.
select distinct batch
from batches_with_codes()
where last_code >= '0' and first_code < ':'
