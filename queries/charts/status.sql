-- What has become of the codes.
-- One row per status that has any, the most codes first.
select
    status,
    total(codes) as codes,
    rate(total(codes), sum(total(codes)) over ()) as share,
from chosen_code_totals($code_totals, $filters)
group by all
order by total(codes) desc, status
