-- Whether the prefix $text begins $least codes or more that may be seen, and
-- leaves four characters of each open: of fewer, their number would tell which.
-- One row.
select count(*) = $least as enough
from (
    select code
    from seen_codes($filters)
    where starts_with(code, $text) and length(code) >= length($text) + 4
    limit $least
)
