-- Takes the redemptions that an import of codes may touch, or look at, out of
-- the files at $transactions.
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
