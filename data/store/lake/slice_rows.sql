-- Fills the tables with the chosen rows of the files at $codes and
-- $transactions, in the order of the store.
-- No row.
insert into vouchers.codes by name
select * exclude (position)
from rows_in($codes)
where position in (select position from chosen where kind = 'codes')
order by position;

insert into vouchers.transactions by name
select * exclude (position)
from rows_in($transactions)
where position in (select position from chosen where kind = 'transactions')
order by position;
