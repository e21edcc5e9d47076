-- Which cohorts are too young for a rate within $days days, by $by: batch,
-- group, folder or month of start.
-- One row per name none of whose codes with a start is that old, the oldest
-- first; age_days: of the oldest code, negative before its start.
select
    name,
    total(codes) as codes,
    total(if(redeemed_age is null, 0, codes)) as redeemed,
    max(age) as age_days,
from cohort_codes($code_totals, $filters, $by, $data_until)
group by all
having max(age) < $days
order by age_days desc, codes desc, name
