-- Whether chance alone takes a site's cancellation rate so far from that of all
-- sites: by the binomial distribution, exactly. Its limits narrow as the
-- redemptions grow, to the shape of a funnel.

create macro log_binomial(part, whole, rate) as
    lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)
    + part * ln(rate) + (whole - part) * ln(1 - rate);

-- Terms of a tail beyond which those that follow are nothing.
create macro tail_terms(whole, rate) as
    (100 + 20 * sqrt(whole * rate * (1 - rate)))::bigint;

-- The chance of a part as far from the rate, or farther, on its own side. Where
-- nothing or everything is cancelled, there is nothing to be far from.
create macro binomial_tail(part, whole, rate) as
    case
        when not (rate > 0 and rate < 1)
            then 1
        else
            list_sum(
                list_transform(
                    if(
                        part > whole * rate,
                        range(
                            part,
                            least(whole, part + tail_terms(whole, rate)) + 1
                        ),
                        range(
                            greatest(0, part - tail_terms(whole, rate)),
                            part + 1
                        )
                    ),
                    lambda k: exp(log_binomial(k, whole, rate))
                )
            )
    end;

-- One row per site of chosen redemptions, those without a site included, and
-- one of those known only from codes files, which tell no site; of named ones
-- with the rate of them all, and the chance of being so far from it.
create macro site_funnel(totals, f) as table
with
    -- A site that is called so is one with those that have none, as in filters.
    sites as (
        select
            nullif(site_ref, '(no site)') as site_ref,
            from_codes_file,
            total(cancellations) as cancellations,
            total(redemptions) as redemptions,
        from chosen_site_totals(totals, f)
        group by all
    ),

    overall as (
        select
            cancellation_rate(sum(cancellations), sum(redemptions)) as rate,
        from sites
        where site_ref is not null
    )

select
    site_ref,
    from_codes_file,
    cancellations,
    redemptions,
    cancellation_rate(cancellations, redemptions) as cancellation_rate,
    if(site_ref is null, null, rate) as rate_of_all,
    if(
        site_ref is null, null, binomial_tail(cancellations, redemptions, rate)
    ) as tail,
from sites, overall;

-- One row per site outside the limits, between which so many of 100 sites are
-- where only chance tells them apart.
create macro check_site_far_from_rest(totals, f, limits) as table
from site_funnel(totals, f)
where tail < (1 - limits::double / 100) / 2;
