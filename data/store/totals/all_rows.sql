-- Nothing is known of any total, and no row is left out.
delete from vouchers.code_totals;

delete from vouchers.redemption_totals;

delete from vouchers.site_totals;

create or replace temp table affected as
select code_id
from vouchers.codes
where false;

create or replace temp table affected_keys as
select group_name as group_key, code
from vouchers.codes
where false;

create or replace temp table redemption_summary as
select code_id, true as is_repeated
from vouchers.codes
where scans > 1;
