-- Which codes, and which keys, an import of codes affects.

-- One row per code whose redemptions have to be recounted: an updated code, or
-- a new one of which there are transactions.
create or replace temp table affected as
select code_id
from incoming
where is_changed and not is_new
union all
select distinct incoming.code_id
from vouchers.transactions
join incoming using (group_name, code)
where transactions.code_id is null and incoming.is_new;

-- One row per key of theirs.
create or replace temp table affected_keys as
select group_name as group_key, code
from incoming
semi join affected using (code_id);
