-- Drops what an import had at hand.
-- No row.
drop table if exists temp.codes_taken;

drop table if exists temp.transactions_taken;

drop table if exists temp.codes_named;

drop table if exists temp.codes_alike;

drop table if exists temp.keys_of_file;

drop table if exists temp.numbers_of_file;

drop view temp.codes_fresh;

drop view temp.transactions_fresh;
