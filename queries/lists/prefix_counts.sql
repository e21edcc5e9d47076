-- How many of the chosen codes each of the prefixes $texts would choose.
-- One row per prefix that chooses any.
select prefixes.value, count(*) as count
from chosen_codes($filters) as codes
join (select unnest($texts) as value) as prefixes
    on has_prefix([prefixes.value], codes.code, codes.prefix)
group by all
order by all
