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

-- One row per group, past batch and number of days before the expiry, from 1 to
-- 90: how many of its codes were outstanding so long before they expired, and
-- how many of these were redeemed before they did; 20 codes are enough to tell.
-- A batch is past when all codes of it that the person sees have expired. Of
-- the filters only the group chooses: other batches say what one will do.
create macro last_stretches(f, moment) as table
with
    -- Outstanding from first_day to last_day before the expiry, counted back.
    spans as (
        select
            group_name,
            past_batch(batch, expiry_date) as batch,
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

    changes as (
        select
            group_name,
            batch,
            unnest([first_day, last_day + 1]) as days_left,
            unnest([codes, -codes]) as codes,
            unnest([redeemed, -redeemed]) as redeemed,
        from spans
        semi join past using (group_name, batch)
        where first_day <= last_day
        union all
        select group_name, batch, unnest(range(1, 91)), 0, 0
        from past
    ),

    daily as (
        select
            group_name,
            batch,
            days_left,
            sum(codes) as codes,
            sum(redeemed) as redeemed,
        from changes
        group by all
    )

select *
from (
    select
        group_name,
        batch,
        days_left,
        (sum(codes) over so_far)::bigint as outstanding,
        (sum(redeemed) over so_far)::bigint as redeemed,
    from daily
    window so_far as (partition by group_name, batch order by days_left)
)
where days_left <= 90 and outstanding >= 20;

-- One row per group and number of days before the expiry: how many past batches
-- and codes of them, the harmonic mean of the batches' sizes, and the mean and
-- the standard deviation of the share of each that was redeemed.
create macro past_shares(f, moment) as table
select
    group_name,
    days_left,
    count(*) as batches,
    total(outstanding) as past_codes,
    total(redeemed) as past_redeemed,
    count(*) / sum(1 / outstanding) as size,
    avg(rate(redeemed, outstanding)) as share,
    stddev_samp(rate(redeemed, outstanding)) as spread,
from last_stretches(f, moment)
group by all;
