-- What the tiles say of two choices, A and B, and how far these differ.
-- One row per number. A rate is a fraction; low and high are the ends of its
-- difference's interval of 95 %, which counts do not have.
select unnest(
    [
        compared_counts('codes_issued', a.codes_issued, b.codes_issued),
        compared_counts('codes_live', a.codes_live, b.codes_live),
        compared_counts('redeemed_codes', a.redeemed_codes, b.redeemed_codes),
        compared_counts('redeemed_live', a.redeemed_live, b.redeemed_live),
        compared_rates(
            'live_rate',
            a.redeemed_live, a.codes_live, b.redeemed_live, b.codes_live
        ),
        compared_rates(
            'redemption_rate',
            a.redeemed_codes, a.codes_issued, b.redeemed_codes, b.codes_issued
        ),
        compared_counts('redemptions', a.redemptions, b.redemptions),
        compared_counts('net', a.net, b.net),
        compared_counts('cancelled', a.cancelled, b.cancelled),
        compared_rates(
            'cancellation_rate',
            a.cancelled, a.redemptions, b.cancelled, b.redemptions
        ),
        compared_counts('outstanding', a.outstanding, b.outstanding),
        compared_counts('expiring_7', a.expiring_7, b.expiring_7),
        compared_counts('expiring_14', a.expiring_14, b.expiring_14),
        compared_counts('expiring_30', a.expiring_30, b.expiring_30),
        compared_counts('scans', a.scans, b.scans),
        compared_counts(
            'scans_per_redeemed_code',
            a.scans_per_redeemed_code,
            b.scans_per_redeemed_code
        ),
        compared_counts('units_given', a.units_given, b.units_given),
        compared_counts('units_unknown', a.units_unknown, b.units_unknown),
        compared_counts(
            'of_unknown_codes', a.of_unknown_codes, b.of_unknown_codes
        ),
        compared_counts(
            'from_codes_files', a.from_codes_files, b.from_codes_files
        )
    ],
    recursive := true
)
from
    numbers_of(
        $code_totals, $redemption_totals, $filters, $asof, $data_until
    ) as a,
    numbers_of(
        $b_code_totals, $b_redemption_totals, $b, $b['asof'], $data_until
    ) as b
