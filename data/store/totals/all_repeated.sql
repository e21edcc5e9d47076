-- Stands in the place of what an import has recomputed, for all codes together.
-- One row per code that was redeemed more than once.
create or replace temp table redemption_summary as
select code_id, true as is_repeated
from vouchers.codes
where scans > 1
