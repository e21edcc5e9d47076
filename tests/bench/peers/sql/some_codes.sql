-- Codes from all over the table, always the same ones.
-- One row per code.
select code
from codes
order by hash(code)
limit 6
