-- Deletes all that imports brought, but for the list of them and the totals,
-- which are recounted after the replay.
delete from vouchers.codes;

delete from vouchers.transactions;

delete from vouchers.changes;

delete from vouchers.warnings;
