-- Which of $texts are a code, extend one, or lack at most three characters of
-- one, whatever their case.
-- One row per such text, and per way: whether it holds a whole code.
with
    texts as (
        select distinct text, folded(text) as folded
        from (select unnest($texts) as text)
    ),

    parts as (
        select text, left(folded, size) as part
        from (
            select text, folded, unnest(range(1, length(folded) + 1)) as size
            from texts
        )
    )

select distinct text, true as is_whole
from folded_codes($filters, $starts, $short, $points) as codes
join parts on codes.code = parts.part
union
select distinct text, false
from (
    select left(code, length(code) - lacking) as part
    from folded_codes($filters, $starts, $short, $points)
    cross join (select unnest([1, 2, 3]) as lacking)
) as codes
join texts on codes.part = texts.folded
