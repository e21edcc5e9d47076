-- Empties the totals, for a count of all rows.
delete from vouchers.code_totals;

delete from vouchers.redemption_totals;

delete from vouchers.site_totals;

-- One row per affected code: none, because all rows are counted anyway.
create or replace temp table affected as
select code_id
from vouchers.codes
where false;

-- One row per affected key: none.
create or replace temp table affected_keys as
select group_name as group_key, code
from vouchers.codes
where false;
