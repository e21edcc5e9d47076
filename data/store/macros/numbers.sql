-- What the tiles say of a choice, and how far two choices differ in it.

-- One row. Live codes could be redeemed in the chosen period, or were. A query
-- passes $asof, the same as f['asof'], and $data_until, so that its parameters
-- show that its result depends on them.
create macro numbers_of(
    code_totals, redemption_totals, f, moment, data_until
) as table
with
    issued as (
        select
            total(codes) as codes_issued,
            total(if(is_live, codes, 0)) as live_by_dates,
            total(active) as outstanding,
            total(if(days_left <= 7, active, 0)) as expiring_7,
            total(if(days_left <= 14, active, 0)) as expiring_14,
            total(if(days_left <= 30, active, 0)) as expiring_30,
        from (
            select
                codes,
                is_live,
                if(status = 'active', codes, 0) as active,
                epoch(expiry_date - moment) / 86400 as days_left,
            from chosen_code_totals(code_totals, f)
        )
    ),

    used as (
        select
            total(redemptions) as redemptions,
            total(cancellations) as cancelled,
            total(net) as net,
            total(redeemed_codes) as redeemed_codes,
            total(redeemed_not_live) as redeemed_not_live,
            total(if(is_known, net, 0)) as scans,
            total(units) as units_given,
            total(units_unknown) as units_unknown,
            total(if(is_known, 0, redemptions)) as of_unknown_codes,
            total(if(from_codes_file, redemptions, 0)) as from_codes_files,
            min(hour) as first_hour,
            max(hour) as last_hour,
        from chosen_redemption_totals(redemption_totals, f)
    )

select
    * exclude (live_by_dates, redeemed_not_live),
    live_by_dates + redeemed_not_live as codes_live,
    redeemed_codes as redeemed_live,
    redemption_rate(redeemed_live, codes_live) as live_rate,
    data_until::timestamp as data_until,
    redemption_rate(redeemed_codes, codes_issued) as redemption_rate,
    cancellation_rate(cancelled, redemptions) as cancellation_rate,
    scans_per_redeemed_code(net, redeemed_codes) as scans_per_redeemed_code,
from issued, used;

-- Rate A minus rate B, and the ends of Newcombe's interval of it (method 10),
-- 95 %; null where one of them has nothing to divide by.
create macro difference_of(part_a, whole_a, part_b, whole_b) as
    rate(part_a, whole_a) - rate(part_b, whole_b);

create macro difference_low(part_a, whole_a, part_b, whole_b) as
    difference_of(part_a, whole_a, part_b, whole_b) - sqrt(
        pow(rate(part_a, whole_a) - wilson_low(part_a, whole_a), 2)
        + pow(wilson_high(part_b, whole_b) - rate(part_b, whole_b), 2)
    );

create macro difference_high(part_a, whole_a, part_b, whole_b) as
    -difference_low(part_b, whole_b, part_a, whole_a);

-- A count of A and of B as a row. The interval of two counts is one of their
-- ratio, and only of the same length of time: queries/chance.py has it.
create macro compared_counts(number, a, b) as {
    'number': number,
    'a': a::double,
    'b': b::double,
    'difference': (a - b)::double,
    'low': null::double,
    'high': null::double
};

create macro compared_rates(number, part_a, whole_a, part_b, whole_b) as {
    'number': number,
    'a': rate(part_a, whole_a),
    'b': rate(part_b, whole_b),
    'difference': difference_of(part_a, whole_a, part_b, whole_b),
    'low': difference_low(part_a, whole_a, part_b, whole_b),
    'high': difference_high(part_a, whole_a, part_b, whole_b)
};
