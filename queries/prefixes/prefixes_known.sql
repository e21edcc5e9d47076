-- Which of the prefixes $texts are known and not hidden.
-- One row per prefix.
select prefix
from known_prefixes($filters)
where
    prefix in (from unnest($texts))
    and not is_hidden($filters, prefix)
order by prefix
