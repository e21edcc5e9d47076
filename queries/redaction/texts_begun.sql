-- How many codes begin with each of $texts, whatever their case: all at once,
-- where there are too many for codes_begun.
-- One row per text with which a code begins.
with
    texts as (
        select distinct text, folded(text) as folded
        from (select unnest($texts) as text)
    ),

    codes as (
        select distinct code
        from folded_codes($filters, $starts, $short, $points)
    ),

    parts as (
        select left(code, size) as part
        from codes
        cross join (select distinct length(folded) as size from texts)
        where length(code) >= size
    )

select text, count(*) as codes
from parts
join texts on parts.part = texts.folded
group by text
