-- How many days codes take from their start to their first redemption.
-- One row. Negative times are only counted, as before_start; codes without a
-- start or a redemption are left out.
with
    firsts as (
        select code_id, min(time) as first_time
        from chosen_transactions($filters)
        where not cancelled and code_id is not null
        group by all
    ),

    waits as (
        select epoch(first_time - start_date) / 86400 as days
        from firsts
        join chosen_codes($filters) using (code_id)
        where start_date is not null
    )

select
    quantile_cont(days, 0.25) filter (days >= 0) as lower_quartile,
    quantile_cont(days, 0.5) filter (days >= 0) as median,
    quantile_cont(days, 0.75) filter (days >= 0) as upper_quartile,
    count(*) filter (days >= 0) as codes,
    count(*) filter (days < 0) as before_start,
from waits
