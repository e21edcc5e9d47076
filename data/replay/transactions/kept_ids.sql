-- The transactions that were kept of $source.
-- One row per transaction.
select distinct transaction_id
from kept_transactions
where source = $source
