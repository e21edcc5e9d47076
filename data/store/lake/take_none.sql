-- Takes no row out of files.

-- One row per code: none.
create or replace temp table codes_taken as
from vouchers.codes
where false;

-- One row per redemption: none.
create or replace temp table transactions_taken as
from vouchers.transactions
where false;
