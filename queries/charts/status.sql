-- What has become of the codes.
-- One row per status that has any, the most codes first; redeemed_codes: how
-- many of them had been redeemed by then, those that were deleted later too.
select
    status,
    total(codes) as codes,
    rate(total(codes), sum(total(codes)) over ()) as share,
    total(if(was_redeemed, codes, 0)) as redeemed_codes,
from chosen_code_totals($code_totals, $filters)
group by all
order by total(codes) desc, status
