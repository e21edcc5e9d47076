-- Adds the columns that say when files were exported, which codes were live and
-- how old they were when redeemed; and the dates of codes to their redemptions.
-- exported_at.sql fills the first. May be run twice.
alter table vouchers.imports
add column if not exists exported_at timestamp;

alter table vouchers.code_totals
add column if not exists redeemed_age bigint;

alter table vouchers.site_totals
add column if not exists from_codes_file boolean;

alter table vouchers.transactions
add column if not exists start_date timestamp;

alter table vouchers.transactions
add column if not exists expiry_date timestamp;

alter table vouchers.redemption_totals
add column if not exists early_start timestamp;

alter table vouchers.redemption_totals
add column if not exists late_expiry timestamp;

update vouchers.transactions
set start_date = codes.start_date, expiry_date = codes.expiry_date
from vouchers.codes
where
    transactions.code_id = codes.code_id
    and (
        transactions.start_date is distinct from codes.start_date
        or transactions.expiry_date is distinct from codes.expiry_date
    );
