-- With which prefixes codes of another prefix, or of none, may start too.
-- One row per prefix.
from overlapping_prefixes($filters)
order by prefix
