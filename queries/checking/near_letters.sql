-- Known codes that are one letter off a code of list_unknown: another letter,
-- one more, one less, or two neighbours swapped. list_letters has the letters.
-- One row per code of list_unknown that has such a near miss.
with
    nearest as (
        select
            near.code,
            arg_min((known.code, known.prefix), known.code) as found,
        from known_codes($filters) as known
        join one_letter_off('list_unknown', 'list_letters') as near
            on near.other = known.code
        group by near.code
    )

select
    code,
    shown_code($filters, found[1], found[2]) as near_miss,
    'one letter off' as difference,
from nearest
