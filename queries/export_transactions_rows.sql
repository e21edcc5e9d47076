-- How many rows the transactions file would have, and how many redemptions
-- have no transaction to export, because only a codes file knows of them.
-- One row.
select
    count(*) filter (not from_codes_file) as rows,
    count(*) filter (from_codes_file) as without,
from chosen_transactions($filters)
