-- How often one check finds something among the chosen codes and redemptions.
-- One row.
select count(*) as rows
from check_rows(
    $check, $filters, $site_totals, $minutes, $limits, $imported_since
)
