-- The sites of chosen redemptions, for the queries of one view.
-- One row per site and kind of redemption.
select
    * exclude (net, cancellations),
from chosen_site_totals($site_totals, $filters)
