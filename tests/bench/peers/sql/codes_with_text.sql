-- The codes that have a text in them, whatever its case.
-- One row per code, at most fifty.
select *
from codes
where {codes} and lower(code) like '%' || lower($search) || '%'
order by start_date desc
limit 50
