-- Which of $texts are whole codes.
-- One row per such code.
select code
from chosen_codes($filters)
where code in (from unnest($texts))
union
select code
from chosen_transactions($filters)
where code in (from unnest($texts))
