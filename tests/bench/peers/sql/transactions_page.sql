-- Fifty redemptions, the latest first.
-- One row per redemption.
select *
from transactions
where {transactions}
order by time desc, transaction_id
limit 50
