-- Known codes that are one letter off a code of list_unknown: another letter,
-- one more, one less, or two neighbours swapped. list_letters has the letters.
-- One row per code of list_unknown that has such a near miss.
with
    places as (
        select code, unnest(range(length(code) + 1)) as place
        from list_unknown
    ),

    near as (
        select
            code,
            left(code, place) || letter || substr(code, place + 2) as other,
        from places, list_letters
        where place < length(code)
        union all
        select code, left(code, place) || letter || substr(code, place + 1)
        from places, list_letters
        union all
        select code, left(code, place) || substr(code, place + 2)
        from places
        where place < length(code)
        union all
        select
            code,
            left(code, place)
            || substr(code, place + 2, 1)
            || substr(code, place + 1, 1)
            || substr(code, place + 3),
        from places
        where place + 1 < length(code)
    ),

    nearest as (
        select
            near.code,
            arg_min((known.code, known.prefix), known.code) as found,
        from known_codes($filters) as known
        join near on near.other = known.code
        group by near.code
    )

select
    code,
    shown_code($filters, found[1], found[2]) as near_miss,
    'one letter off' as difference,
from nearest
