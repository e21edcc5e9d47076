-- How many codes begin with $text, whatever their case: it stops counting at a
-- thousand, as the same code may be there several times.
-- One row.
select count(distinct code) as codes
from (
    select code
    from folded_codes($filters, $starts, $short, $points)
    where starts_with(code, folded($text))
    limit 1000
)
