-- New redemptions of a code that is not stored, while one is that differs from
-- it only by case, by blanks, by hidden characters or by its group.
-- One row, or none.
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
