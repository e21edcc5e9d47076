-- What share of the outstanding codes of past batches was redeemed in the last
-- days before they expired.
-- One row per group and number of days before the expiry, up to 90.
select
    group_name,
    days_left,
    batches,
    past_codes,
    past_redeemed,
    size,
    share,
    spread,
from past_shares($filters, $asof::timestamp)
order by group_name, days_left
