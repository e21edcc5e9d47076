-- What has become of the codes.
-- One row per status that has any, the most codes first.
select
    status,
    total(codes) as codes,
    total(codes) / sum(total(codes)) over () as share,
from chosen_code_totals($filters)
group by all
order by total(codes) desc, status
