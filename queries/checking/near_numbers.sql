-- Known codes of which a spreadsheet has made a number of list_numbers: its
-- value in another notation, or its first digits (`begins`) and how many there
-- were (`digits`).
-- One row per code of list_numbers that has such a near miss.
with
    known as (
        from known_codes($filters)
        where code >= '0' and code < ':'
    ),

    sizes as (
        select distinct digits, length(begins) as size
        from list_numbers
        where begins is not null
    ),

    begun as (
        select code, prefix, digits, left(code, size) as begins
        from known
        join sizes on length(known.code) = digits
        where regexp_full_match(code, '\d+')
    ),

    near as (
        select numbers.code, begun.code as near_miss, prefix, numbers.value
        from begun
        join list_numbers as numbers using (digits, begins)
        union all
        select numbers.code, known.code, prefix, numbers.value
        from known
        join list_numbers as numbers
            on try_cast(replace(known.code, ',', '.') as double) = numbers.value
        where
            regexp_full_match(known.code, '\d+([.,]\d+)?[eE]\+?\d{1,3}')
            and numbers.begins is null
    ),

    nearest as (
        select
            code,
            arg_min(
                (near_miss, prefix),
                (
                    try_cast(near_miss as double) is distinct from value,
                    near_miss
                )
            ) as found,
        from near
        group by code
    )

select
    code,
    shown_code($filters, found[1], found[2]) as near_miss,
    'Excel''s scientific notation' as difference,
from nearest
