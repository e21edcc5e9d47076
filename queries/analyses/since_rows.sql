-- The chosen codes under one heading of since.sql, by page.
-- One row per code in the order of their import, 50 from $offset on.
with listed as (
    select code_id
    from codes_since($filters, $since, $from_import)
    where change = $change
    order by code_id
    limit 50
    offset $offset
)

select
    shown_code($filters, code, prefix) as code,
    group_name,
    status,
    first_redeemed,
    first_cancelled,
    folder,
    batch,
    start_date,
    expiry_date,
from judged_codes($asof, $filters)
semi join listed using (code_id)
order by code_id
