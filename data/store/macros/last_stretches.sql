-- How the last days before their expiry went for the codes of past batches: by
-- that, how many outstanding codes are likely to be redeemed is told.

-- Days before an expiry are whole: from midnight to midnight, each the nearest
-- one. An expiry at 00:01 or 23:59 ends the same day as one at 00:00.
create macro nearest_midnight(moment) as
    date_trunc('day', moment + interval 12 hour)::timestamp;

create macro days_left(moment, expiry) as
    date_diff('day', nearest_midnight(moment), nearest_midnight(expiry));

-- Without a batch, codes that expire in the same month are as one.
create macro past_batch(batch, expiry) as
    coalesce(batch, '(no batch), expired ' || strftime(expiry, '%b %Y'), '');

-- For how many days a code can be redeemed; null without a start.
create macro lifetime_of(start_date, expiry) as days_left(start_date, expiry);

-- Codes that run about as long, within a quarter, go alike; those without a
-- start tell of one another only.
create macro is_like(lifetime, other) as
    coalesce(
        4 * lifetime <= 5 * other and 4 * other <= 5 * lifetime,
        lifetime is null and other is null
    );

-- One row per group, lifetime that a code of it has, past batch and number of
-- days before the expiry, from 1 to 90: how many codes of the batch with about
-- that lifetime were outstanding so long before they expired, and how many of
-- these were redeemed before they did; 20 codes are enough to tell.
-- A batch is past when all codes of it that the person sees have expired. Of
-- the filters only the group chooses: other batches say what one will do.
-- is_own: no other lifetime do more codes of the batch have.
create macro last_stretches(f, moment) as table
with
    -- Outstanding from first_day to last_day before the expiry, counted back.
    spans as (
        select
            group_name,
            past_batch(batch, expiry_date) as batch,
            lifetime_of(start_date, expiry_date) as lifetime,
            greatest(
                1,
                1 + date_diff(
                    'day',
                    least(redeemed_day, cancelled_day, deleted_day),
                    nearest_midnight(expiry_date)
                )
            ) as first_day,
            least(
                90,
                date_diff(
                    'day',
                    next_midnight(start_date),
                    nearest_midnight(expiry_date)
                )
            ) as last_day,
            coalesce(expiry_date <= moment, false) as is_over,
            total(codes) as codes,
            total(
                if(redeemed_day <= nearest_midnight(expiry_date), codes, 0)
            ) as redeemed,
        from vouchers.code_totals
        where
            is_seen(f, folder, group_name)
            and (
                f['rest'] is not null  -- which may have codes of every group
                or (
                    is_chosen(f['group'], group_name, '(no group)')
                    and is_kept(f['group!'], group_name, '(no group)')
                )
            )
        group by all
    ),

    past as (
        select group_name, batch
        from spans
        group by all
        having bool_and(is_over)
    ),

    lifetimes as (
        select group_name, lifetime
        from spans
        group by all
    ),

    alike as (
        select group_name, lifetimes.lifetime, others.lifetime as past_lifetime
        from lifetimes
        join lifetimes as others using (group_name)
        where is_like(lifetimes.lifetime, others.lifetime)
    ),

    past_spans as (
        select spans.* replace (alike.lifetime as lifetime)
        from spans
        semi join past using (group_name, batch)
        join alike
            on alike.group_name = spans.group_name
            and alike.past_lifetime is not distinct from spans.lifetime
    ),

    changes as (
        select
            group_name,
            lifetime,
            batch,
            unnest([first_day, last_day + 1]) as days_left,
            unnest([codes, -codes]) as codes,
            unnest([redeemed, -redeemed]) as redeemed,
        from past_spans
        where first_day <= last_day
        union all
        select group_name, lifetime, batch, unnest(range(1, 91)), 0, 0
        from (
            select group_name, lifetime, batch
            from past_spans
            group by all
        )
    ),

    daily as (
        select
            group_name,
            lifetime,
            batch,
            days_left,
            sum(codes) as codes,
            sum(redeemed) as redeemed,
        from changes
        group by all
    ),

    own as (
        select
            group_name,
            batch,
            arg_max(lifetime, {'codes': codes, 'days': lifetime}) as lifetime,
        from (
            select group_name, batch, lifetime, total(codes) as codes
            from spans
            group by all
        )
        group by all
    ),

    stretches as (
        select
            group_name,
            lifetime,
            batch,
            days_left,
            (sum(codes) over so_far)::bigint as outstanding,
            (sum(redeemed) over so_far)::bigint as redeemed,
        from daily
        window so_far as (
            partition by group_name, lifetime, batch
            order by days_left
        )
    )

select
    stretches.*,
    stretches.lifetime is not distinct from own.lifetime as is_own,
from stretches
join own using (group_name, batch)
where days_left <= 90 and outstanding >= 20;

-- One row per group, lifetime that a code of it has and number of days before
-- the expiry: how many past batches that ran about as long and codes of them,
-- the harmonic mean of the batches' sizes, and the mean and the standard
-- deviation of the share of each that was redeemed.
create macro past_shares(f, moment) as table
select
    group_name,
    lifetime,
    days_left,
    count(*) as batches,
    total(outstanding) as past_codes,
    total(redeemed) as past_redeemed,
    count(*) / sum(1 / outstanding) as size,
    avg(rate(redeemed, outstanding)) as share,
    stddev_samp(rate(redeemed, outstanding)) as spread,
from last_stretches(f, moment)
group by all;
