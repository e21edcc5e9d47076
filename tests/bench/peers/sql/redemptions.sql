-- How many redemptions there were, and when.
-- One row.
select
    count(*) as redemptions,
    count(*) filter (where not cancelled) as net,
    count(*) filter (where cancelled) as cancelled,
    count(*) filter (where not from_codes_file) as rows_to_download,
    min(time) as first_time,
    max(time) as last_time
from transactions
where {transactions}
