-- Takes the rows that an import of transactions may touch, or look at, out of
-- the files at $codes and $transactions, by the codes that were named.

-- One row per transaction of the file, or of a code that it touches.
create or replace temp table transactions_taken as
from rows_in($transactions)
where
    code in (from codes_named)
    or transaction_id in (select transaction_id from staged)
order by position;

-- One row per stored code that looks like one that the file touches, or would
-- without its leading zeros.
create or replace temp table codes_taken as
from rows_in($codes)
where
    looks(code) in (select looks(code) from codes_named)
    or (
        code >= '0'
        and code < '1'
        and ltrim(code, '0') in (from codes_named)
    )
order by position;
