-- The stored codes that may be a code of a file, or look like one, also without
-- the zeros in front. Of texts that are not plain only the digits are compared,
-- which all that looks like them has too. keys_of_file has one row per code of
-- the file.
-- One row per code.
from vouchers.codes
where
    upper(code) in (select look from keys_of_file)
    or (
        not is_plain(code)
        and digits(code) in (select digits from keys_of_file)
    )
    or (
        code >= '0'
        and code < '1'
        and ltrim(code, '0') in (select code from keys_of_file)
    )
