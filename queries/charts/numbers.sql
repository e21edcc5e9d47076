-- What the tiles say of the chosen codes and redemptions.
-- One row. Live codes could be redeemed in the chosen period, or were.
from numbers_of(
    $code_totals, $redemption_totals, $filters, $asof, $data_until
)
