-- Known codes that look like a code of list_unknown, or that it has lost zeros
-- of. Of several the one with the smallest difference counts.
-- One row per code of list_unknown that has such a near miss.
with
    unknown as (
        select code, ltrim(looks(code), '0') as look
        from list_unknown
    ),

    near as (
        select
            unknown.code,
            known.code as near_miss,
            known.prefix,
            likeness_of(unknown.code, known.code) as difference,
        from known_codes($filters) as known
        join unknown on looks_without_zeros(known.code) = look
    ),

    nearest as (
        select
            code,
            arg_min(
                (near_miss, prefix, difference),
                (
                    list_position(
                        ['case', 'blanks', 'invisible signs', 'lost zeros'],
                        difference
                    ),
                    near_miss
                )
            ) as found,
        from near
        where difference is not null
        group by code
    )

select
    code,
    shown_code($filters, found[1], found[2]) as near_miss,
    found[3] as difference,
from nearest
