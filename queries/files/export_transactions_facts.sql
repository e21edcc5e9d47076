-- What one should know of the transactions file before downloading it.
-- One row. Bytes: as CSV, about; bearer: a transaction's code is used already.
select
    total(redemptions) as rows,
    total(bytes) as bytes,
    total(formula_like) as formula_like,
    0 as bearer,
from chosen_redemption_totals($redemption_sizes, $filters)
where not from_codes_file
