-- Adds what the tables of a store of version 1 lack. May be run twice.
alter table vouchers.transactions
add column if not exists previous_time timestamp;
