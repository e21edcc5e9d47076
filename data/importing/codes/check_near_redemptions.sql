-- New codes that differ only by case, by blanks, by hidden characters or by
-- their group from the code of a redemption that no file of codes has brought.
-- One row, or none, with the first five rows.
with unknown as (
    select group_name, code, looks(code) as look
    from vouchers.transactions
    where code_id is null
)

select
    'near_redemption' as kind,
    count(*) as rows,
    min(row, 5) as first_rows,
    null as detail,
from incoming
where
    is_new
    and (select count(*) from unknown) > 0
    and looks(code) in (select look from unknown)
    and (group_name, code) not in (
        select (coalesce(group_name, ''), code)
        from unknown
    )
having count(*) > 0
