-- One row per code whose redemptions have to be looked at again: an updated
-- code, or a new one that transactions knew before.
create or replace temp table affected as
select code_id
from incoming
where is_changed and not is_new
union all
select distinct incoming.code_id
from vouchers.transactions as known
join incoming using (group_name, code)
where known.code_id is null and incoming.is_new;

-- One row per key of theirs.
create or replace temp table affected_keys as
select group_name as group_key, code
from incoming
semi join affected using (code_id);
