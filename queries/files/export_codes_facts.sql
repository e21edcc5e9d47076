-- What one should know of the codes file before downloading it.
-- One row. Bytes: as CSV, about; bearer: codes that are still worth money.
select
    total(codes) as rows,
    total(bytes) as bytes,
    total(formula_like) as formula_like,
    total(if(status in ('active', 'scheduled'), codes, 0)) as bearer,
from chosen_code_totals($code_sizes, $filters)
