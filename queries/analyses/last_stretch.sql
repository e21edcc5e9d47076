-- What share of the outstanding codes of past batches was redeemed in the last
-- days before they expired, by how long the codes ran.
-- One row per group, lifetime in days that a code of it has and number of days
-- before the expiry, up to 90, of batches that ran about as long.
select
    group_name,
    lifetime,
    days_left,
    batches,
    past_codes,
    past_redeemed,
    size,
    share,
    spread,
from past_shares($filters, $asof::timestamp)
order by group_name, lifetime, days_left
