-- Gives the tables that stand for the views the column that their files have.
-- No row.
alter table vouchers.codes
add column position bigint;

alter table vouchers.transactions
add column position bigint;

-- One row per code that no file has, with the number of its row in the table.
create or replace temp view codes_fresh as
select rowid as row, *,
from vouchers.codes
where position is null;

-- One row per redemption that no file has, with the number of its row.
create or replace temp view transactions_fresh as
select rowid as row, *,
from vouchers.transactions
where position is null;
