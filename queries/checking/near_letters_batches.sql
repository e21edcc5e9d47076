-- The batches that may hold near misses of near_letters.
-- One row per batch.
with
    texts as (
        select distinct other
        from one_letter_off('list_unknown', 'list_letters')
    )

-- The first text that is not before the first code.
select distinct batch
from batches_with_codes()
asof join texts on first_code <= other
where other <= last_code
