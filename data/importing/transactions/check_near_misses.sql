-- New redemptions of a code that is not stored, while one is that differs from
-- it only by case, by blanks, by hidden characters or by its group; and those
-- that are a known one but for such a difference of their IDs.
-- One row per kind that has any, with the first five rows of each.
with
    unknown as (
        select row, looks(code) as look,
        from incoming
        anti join vouchers.codes using (group_name, code)
        where is_new
    )

select
    'near_code' as kind,
    count(*) as rows,
    list_slice(list(row order by row), 1, 5) as first_rows,
    null as detail,
from unknown
where
    look in (
        select looks(code)
        from vouchers.codes
        where looks(code) in (select look from unknown)
    )
having count(*) > 0
union all
select
    'near_id',
    count(distinct row),
    list_slice(list_sort(list(distinct row)), 1, 5),
    null,
from incoming
join vouchers.transactions as stored using (time, code)
where
    incoming.is_new
    and not stored.from_codes_file
    and incoming.transaction_id <> stored.transaction_id
    and looks(incoming.transaction_id) = looks(stored.transaction_id)
having count(*) > 0
