-- Every code, with times as SQLite wants them.
-- One row per code.
select
    * replace (
        start_date::varchar as start_date,
        expiry_date::varchar as expiry_date,
        redemption_time::varchar as redemption_time
    ),
from codes
