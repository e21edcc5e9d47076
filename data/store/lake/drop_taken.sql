-- Drops what an import had at hand.
-- No row.
drop table if exists temp.codes_taken;

drop table if exists temp.transactions_taken;

drop table if exists temp.codes_named;

drop view temp.codes_fresh;

drop view temp.transactions_fresh;

drop table vouchers.codes;

drop table vouchers.transactions;
