-- Keeps the staged rows of one code for $source, the file that they are from.
-- Keeps with them the other rows of their transactions, and of those in $ids: a
-- transaction that names another code elsewhere has moved between the two.

-- One row per kept row and source.
create table if not exists kept_transactions as
select '' as source, row_of(rowid) as row, *
from staged
limit 0;

delete from kept_transactions
where source = $source;

insert into kept_transactions
select $source as source, row_of(rowid) as row, *
from staged
where
    transaction_id in (from unnest($ids::varchar[]))
    or transaction_id in (select transaction_id from staged where code = $code);
