-- What the tables of a store of version 1 lack. May be run again.
alter table vouchers.transactions
add column if not exists previous_time timestamp;
