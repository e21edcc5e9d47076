-- Fills the tables with all rows of the files at $codes and $transactions, in
-- the order of the store, which then names no file.
-- No row.
insert into vouchers.codes by name
select * exclude (position)
from read_parquet($codes, hive_partitioning = false);

insert into vouchers.transactions by name
select * exclude (position)
from read_parquet($transactions, hive_partitioning = false);

delete from vouchers.files;

update vouchers.store
set known_from = null;
