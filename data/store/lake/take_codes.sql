-- Takes the rows that an import of codes may touch, or look at, out of the
-- files at $codes and $transactions. Codes that look alike are compared for
-- warnings.

-- One row per stored code that looks like one of the file, or would without its
-- leading zeros.
create or replace temp table codes_taken as
from rows_in($codes)
where
    looks(code) in (select looks(code) from staged)
    or (
        code >= '0'
        and code < '1'
        and ltrim(code, '0') in (select code from staged)
    )
order by position;

-- One row per redemption of a code of the file, or of an unknown one that looks
-- like it.
create or replace temp table transactions_taken as
from rows_in($transactions)
where
    code in (select code from staged)
    or (
        code_id is null
        and looks(code) in (select looks(code) from staged)
    )
order by position;
