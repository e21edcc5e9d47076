-- When a code of the staged file was redeemed last.
-- One row.
select max(redemption_time)
from staged
