-- What a filter of the codes offers.
-- One row per value, the most codes first.
select {column} as value, count(*) as codes
from codes
where {codes}
group by {column}
order by codes desc
limit 1001
