-- Every redemption, with times as SQLite wants them.
-- One row per redemption.
select * replace (time::varchar as time), from transactions
