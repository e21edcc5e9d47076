-- The first and last hour in which a chosen code was redeemed.
-- One row.
select min(hour) as first, max(hour) as last
from chosen_redemption_totals($filters)
