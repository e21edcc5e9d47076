-- What became of the outstanding codes of past batches: what had been expected
-- 28, 14 and 7 days before they expired can be compared with it.
-- One row per group, number of days before the expiry and batch.
select group_name, days_left, batch, outstanding, redeemed
from last_stretches($filters, $asof::timestamp)
where days_left in (7, 14, 28)
order by group_name, days_left desc, batch
