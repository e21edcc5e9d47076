-- Which known prefixes would show too much of a masked code.
-- One row per prefix.
from telling_prefixes($filters)
order by prefix
