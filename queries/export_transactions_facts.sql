-- What one should know of the transactions file before downloading it.
-- One row. Bytes: as CSV, about; bearer: a transaction's code is used already.
select
    count(*) as rows,
    coalesce(
        sum(
            strlen(transaction_id) + strlen(code) + 40
            + coalesce(strlen(group_name), 0) + coalesce(strlen(site_ref), 0)
            + coalesce(strlen(campaign_id) + strlen(campaign_name), 0)
        ),
        0
    )::bigint as bytes,
    count(*) filter (
        regexp_matches(code, '^[=+@-]')
        or regexp_matches(campaign_name, '^[=+@-]')
    ) as formula_like,
    0 as bearer,
from chosen_transactions($filters)
where not from_codes_file
