-- How the codes of each cohort were redeemed with their age, by $by: batch,
-- group, folder or month of start, for the $most cohorts with the most codes.
-- One row per name and day of age, the most codes first, from 1 to the last to
-- which all codes of the cohort are observed: those redeemed for the first
-- time before they were so many days old. every_day: also days on which
-- nothing changes; else only the first, the last and those that do change.
with
    kinds as (
        from cohort_codes($code_totals, $filters, $by, $data_until)
    ),

    cohorts as (
        select name, total(codes) as codes, min(age) as last_day
        from kinds
        group by all
        having min(age) >= 1
        order by codes desc, name
        limit $most
    ),

    changes as (
        select
            name,
            1 + greatest(redeemed_age, 0) as age_days,
            total(kinds.codes) as changed,
        from kinds
        join cohorts using (name)
        where redeemed_age < last_day
        group by all
    ),

    days as (
        select name, age_days
        from changes
        union
        select
            name,
            unnest(
                if($every_day, range(1, last_day + 1), [1, last_day])
            ) as age_days,
        from cohorts
    )

select
    name,
    age_days,
    codes,
    sum(coalesce(changed, 0)) over (
        partition by name
        order by age_days
    )::bigint as redeemed,
    rate(redeemed, codes) as rate,
from days
join cohorts using (name)
left join changes using (name, age_days)
order by codes desc, name, age_days
