-- The indexes that one would make for the pages' statements.
create index codes_by_code on codes (code, group_name);
create index codes_by_group on codes (group_name);
create index codes_by_folder on codes (folder);
create index codes_by_prefix on codes (prefix);
create index codes_by_batch on codes (batch);
create index codes_by_type on codes (redemption_type);
create index codes_by_item on codes (item_code);
create index codes_by_start on codes (start_date);
create index transactions_by_code
on transactions (code, group_name, time, cancelled);
create index transactions_by_time on transactions (time);
create index transactions_by_group on transactions (group_name);
create index transactions_by_folder on transactions (folder);
create index transactions_by_batch on transactions (batch);
create index transactions_by_site on transactions (site_ref);
analyze;
