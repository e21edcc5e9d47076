-- What one should know of the codes file before downloading it.
-- One row. Bytes: as CSV, about; bearer: codes that are still worth money.
select
    count(*) as rows,
    coalesce(
        sum(
            strlen(code) + strlen(group_name) + 60
            + coalesce(strlen(redemption_type) + strlen(item_code), 0)
            + coalesce(strlen(parent_code), 0)
        ),
        0
    )::bigint as bytes,
    count(*) filter (
        regexp_matches(code, '^[=+@-]') or regexp_matches(group_name, '^[=+@-]')
    ) as formula_like,
    count(*) filter (status in ('active', 'scheduled')) as bearer,
from chosen_codes($filters)
