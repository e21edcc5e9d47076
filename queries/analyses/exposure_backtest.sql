-- What became of the outstanding codes of past batches: what had been expected
-- 28, 14 and 7 days before they expired can be compared with it.
-- One row per group, number of days before the expiry, lifetime that a code of
-- the group has, in days, and batch that ran about as long; is_own: no other
-- lifetime do more of its codes have, so that by this one it is judged.
select
    group_name,
    days_left,
    lifetime,
    batch,
    outstanding,
    redeemed,
    is_own,
from last_stretches($filters, $asof::timestamp)
where days_left in (7, 14, 28)
order by group_name, days_left desc, lifetime, batch
