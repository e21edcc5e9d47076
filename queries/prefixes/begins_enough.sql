-- Whether the prefix $text begins $least codes or more that may be seen.
-- One row.
select count(*) = $least as enough
from (
    select code
    from seen_codes($filters)
    where starts_with(code, $text)
    limit $least
)
