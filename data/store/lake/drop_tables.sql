-- Drops the tables of rows, in whose place come views of files.
-- No row.
drop table vouchers.codes;

drop table vouchers.transactions;
