-- New rows whose code is a stored code without its leading zeros, in a file
-- where no code of digits starts with a zero: a spreadsheet has dropped them.
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
