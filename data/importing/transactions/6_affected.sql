-- Which codes, and which keys, an import of transactions affects.

-- One row per code whose redemptions have to be recounted.
create or replace temp table affected as
select codes.code_id
from vouchers.codes
semi join (from incoming where is_changed) as changed using (group_name, code)
union
select code_id_before
from incoming
where is_changed and code_id_before is not null;

-- One row per key, before or after, of a redemption that changes or comes.
create or replace temp table affected_keys as
select coalesce(group_name, '') as group_key, code
from incoming
where is_changed
union
select coalesce(group_before, ''), code_before
from incoming
where is_changed and not is_new;
