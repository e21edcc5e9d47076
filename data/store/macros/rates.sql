-- Every rate, defined once; null where there is nothing to divide by.

create macro rate(part, whole) as part / nullif(whole, 0);

-- Codes redeemed at least once, of the codes issued: from 0 to 1.
create macro redemption_rate(redeemed_codes, codes_issued) as
    rate(redeemed_codes, codes_issued);

-- The same of codes whose expiry has passed.
create macro matured_rate(redeemed_codes, matured_codes) as
    rate(redeemed_codes, matured_codes);

-- Cancelled redemptions, of all redemptions.
create macro cancellation_rate(cancelled, redemptions) as
    rate(cancelled, redemptions);

create macro scans_per_redeemed_code(net, redeemed_codes) as
    rate(net, redeemed_codes);

-- Wilson's interval of a rate, 95 %; null where there is nothing to divide by.
create macro wilson_low(part, whole) as
    (
        part
        + 3.841458820694124e0 / 2
        - sqrt(
            3.841458820694124e0
            * (
                part::double * (whole - part) / nullif(whole, 0)
                + 3.841458820694124e0 / 4
            )
        )
    ) / (whole + 3.841458820694124e0);

create macro wilson_high(part, whole) as 1 - wilson_low(whole - part, whole);
