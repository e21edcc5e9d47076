-- Every row is touched, and nothing is known of their totals.
delete from vouchers.code_totals;

delete from vouchers.redemption_totals;

delete from vouchers.site_totals;

create or replace temp table touched as
select code_id
from vouchers.codes;

create or replace temp table touched_keys as
select distinct coalesce(group_name, '') as group_key, code
from vouchers.transactions
where code_id is null;

create or replace temp table said as
select code_id, scans > 1 as is_repeated
from vouchers.codes;
