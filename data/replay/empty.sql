-- Takes out all that imports brought, but for the list of them and the totals,
-- which are counted anew once all that stays is there again.
delete from vouchers.codes;

delete from vouchers.transactions;

delete from vouchers.changes;

delete from vouchers.warnings;
