-- Drops the views of the files in force, in whose place schema.sql puts tables.
-- No row.
drop view if exists vouchers.codes;

drop view if exists vouchers.transactions;
