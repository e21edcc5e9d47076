-- How many of the chosen codes each of the prefixes $texts would choose.
-- One row per prefix that chooses any; of masked codes only known prefixes.
with prefixes as (
    select value
    from (select unnest($texts) as value)
    where
        not $filters['masked']
        or value = '(no prefix)'
        or value in (
            select prefix
            from known_prefixes($filters)
            where not is_hidden($filters, prefix)
        )
)

select prefixes.value, count(*) as count
from chosen_codes($filters) as codes
join prefixes
    on has_prefix([prefixes.value], codes.code, codes.prefix)
group by all
order by all
