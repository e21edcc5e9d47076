-- Takes the redemptions that an import of transactions may touch out of the
-- files at $transactions, by the codes that were named.
-- One row per transaction of the file, or of a code that it touches.
create or replace temp table transactions_taken as
from rows_in($transactions)
where
    code in (from codes_named)
    or transaction_id in (select transaction_id from staged)
order by position;
