-- Names the codes of staged transactions, by the files at $transactions.
-- One row per code that the staged file names, or that a transaction of it has
-- named until now.
create or replace temp table codes_named as
select code
from staged
union
select code
from rows_in($transactions)
where transaction_id in (select transaction_id from staged);
