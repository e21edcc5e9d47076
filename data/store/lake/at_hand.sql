-- Puts the rows that were taken into the tables, in the order of the store.
-- No row.
insert into vouchers.codes by name
from codes_taken;

insert into vouchers.transactions by name
from transactions_taken;
