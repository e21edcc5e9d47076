-- The first and last moment at which a chosen code was redeemed.
-- One row.
select min(time) as first, max(time) as last
from chosen_transactions($filters)
