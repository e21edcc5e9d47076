-- How many codes each group has, as somebody asks an SQL cell.
-- One row per group, the most codes first.
select
    group_name,
    count(*) as codes,
    count_if(expiry_date is null) as endless
from codes
group by all
order by codes desc
