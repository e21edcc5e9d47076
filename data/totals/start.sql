-- Where the changes of the kept totals are gathered.
create or replace temp table code_changes as
from vouchers.code_totals
where false;

create or replace temp table redemption_changes as
from vouchers.redemption_totals
where false;

create or replace temp table site_changes as
from vouchers.site_totals
where false;
