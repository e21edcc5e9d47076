-- Takes out all that imports brought, but for the list of them.
delete from vouchers.codes;

delete from vouchers.transactions;

delete from vouchers.changes;

delete from vouchers.warnings;
delete from vouchers.code_totals;

delete from vouchers.redemption_totals;

delete from vouchers.site_totals;
