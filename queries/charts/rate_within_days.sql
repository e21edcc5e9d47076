-- Which cohort worked best, fairly: by $by (batch, group, folder or month of
-- start), of its codes that started at least $days days ago, those redeemed
-- for the first time before they were $days days old.
-- One row per name, the best rate first, those without a code old enough last;
-- too_young: codes that started later. Codes without a start are in none.
with cohorts as (
    select
        name,
        total(if(age >= $days, codes, 0)) as codes,
        total(
            if(age >= $days and redeemed_age < $days, codes, 0)
        ) as redeemed,
        total(if(age >= $days, 0, codes)) as too_young,
    from cohort_codes($code_totals, $filters, $by, $data_until)
    group by all
)

select
    name,
    codes,
    redeemed,
    rate(redeemed, codes) as rate,
    wilson_low(redeemed, codes) as low,
    wilson_high(redeemed, codes) as high,
    too_young,
from cohorts
order by rate desc nulls last, codes desc, name
