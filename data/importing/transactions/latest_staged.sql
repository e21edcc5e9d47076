-- When the last redemption of the staged file was.
-- One row.
select max(time)
from staged
