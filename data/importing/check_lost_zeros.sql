-- New rows with a code of digits that a stored code would be without its
-- leading zeros, in a file without any code of digits that starts with a zero:
-- what a spreadsheet leaves behind.
-- One row.
select min(row), count(*)
from incoming
where
    is_new
    and regexp_full_match(code, '[1-9]\d*')
    and not exists (
        from staged
        where regexp_full_match(code, '0\d+')
    )
    and (group_name, code) in (
        select (group_name, ltrim(code, '0'))
        from vouchers.codes
        where regexp_full_match(code, '0\d+')
    )
