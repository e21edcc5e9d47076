-- The verdict on each line of list_lines, by list_found and list_near.
-- One row per line, in the order of the list.
select
    line,
    code,
    coalesce(verdict, 'unknown') as verdict,
    group_name,
    redeemed_at,
    site,
    near_miss,
    row_number() over (partition by code order by line) > 1 as doubled,
    difference,
    min(line) over (partition by code) as first_line,
    first_group,
from list_lines
left join list_found using (code)
left join list_near using (code)
order by line
