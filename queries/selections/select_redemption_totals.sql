-- The kinds of chosen redemptions by the hour, for the queries of one view.
-- One row per hour and kind of redemption.
select
    * exclude (
        bytes, formula_like, net, cancellations, redeemed_codes,
        redeemed_not_live
    ),
from chosen_redemption_totals($redemption_totals, $filters)
