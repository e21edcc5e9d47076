-- How many rows the transactions file would have, and how many redemptions
-- have no transaction to export, because only a codes file knows of them.
-- One row.
select
    total(if(from_codes_file, 0, redemptions)) as rows,
    total(if(from_codes_file, redemptions, 0)) as without,
from chosen_redemption_totals($redemption_totals, $filters)
