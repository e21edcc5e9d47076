-- What has become of the codes.
-- One row per status that has any, the most codes first.
select
    status,
    count(*) as codes,
    codes / sum(codes) over () as share,
from chosen_codes($filters)
group by all
order by codes desc, status
