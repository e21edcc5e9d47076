-- What is worth a look among the chosen codes and redemptions, and how often.
-- One row per check, always all of them, those without a row too.
with
    named as (
        select
            unnest(names_of_checks()) as "check",
            generate_subscripts(names_of_checks(), 1) as place,
    ),

    found as (
        select "check", count(*) as rows
        from check_rows(
            'every', $filters, $site_totals, $minutes, $limits, $imported_since
        )
        group by "check"
    )

select "check", coalesce(rows, 0) as rows
from named
left join found using ("check")
order by place
