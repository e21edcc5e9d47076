-- Totals of the chosen rows, for all queries that ask for no row itself. What
-- code_totals, redemption_totals and site_totals are, the search path says:
-- those of main count the rows, which is always right; those of kept_* take the
-- tables of schema.sql, where these can answer; and queries/selection.py has
-- what was chosen for one view in a schema of its own.

create schema kept_code_totals;

create schema kept_redemption_totals;

create schema kept_site_totals;

-- A day of the kept totals as a moment to be judged.
create macro by_day(moment, day) as
    if(day <= next_midnight(moment), moment, null);

-- Of kinds that may have codes with the chosen beginnings: whether there is one
-- of which some codes have them and others not.
create macro any_in_part(choice, first_code, last_code, prefix) as
    coalesce(
        bool_or(
            not coalesce(
                have_beginning(choice, first_code, last_code, prefix), false
            )
        ),
        false
    );

create macro named_batches(batch) as
    coalesce(list(distinct coalesce(batch, '(no batch)')), []);

-- What the kept totals know of a choice: which of them can answer it, and the
-- batches that the chosen beginnings can be in. Of codes they know the days of
-- redemptions: the moment of a status must not part a day that has any. What
-- is looked at here, decisive() in queries/run.py names.
-- One row.
create macro known_of(f) as table
with
    of_codes as (
        select
            any_in_part(f['prefix'], first_code, last_code, prefix) as in_part,
            named_batches(batch) as batches,
        from vouchers.code_totals
        where
            f['prefix'] is not null
            and may_begin(f['prefix'], first_code, last_code, prefix)
    ),

    of_redemptions as (
        select
            any_in_part(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            ) as in_part,
            named_batches(batch) as batches,
        from vouchers.redemption_totals
        where
            f['prefix'] is not null
            and may_begin(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            )
    ),

    of_sites as (
        select
            any_in_part(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            ) as in_part,
        from vouchers.site_totals
        where
            f['prefix'] is not null
            and may_begin(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            )
    )

select
    not of_codes.in_part
    and not exists (
        from vouchers.transactions
        where time > f['asof'] and time <= next_midnight(f['asof'])
    ) as code_totals,
    not of_redemptions.in_part
    and f['site'] is null
    and f['campaign'] is null
    and f['status'] is null as redemption_totals,
    not of_sites.in_part
    and f['status'] is null
    and f['from'] is null
    and f['until'] is null as site_totals,
    if(
        f['prefix'] is null,
        null,
        list_distinct(of_codes.batches || of_redemptions.batches)
    ) as batches,
from of_codes, of_redemptions, of_sites;

create macro kept_code_totals.code_totals(f) as table
select
    *,
    status_of(
        f['asof'], by_day(f['asof'], deleted_day),
        by_day(f['asof'], redeemed_day), by_day(f['asof'], cancelled_day),
        expiry_date, start_date
    ) as status,
from vouchers.code_totals
where
    is_chosen_kind(
        f, folder, group_name, batch, redemption_type, item_code, true
    )
    and have_beginning(f['prefix'], first_code, last_code, prefix)
    and is_status(
        f['status'], f['asof'], by_day(f['asof'], deleted_day),
        by_day(f['asof'], redeemed_day), by_day(f['asof'], cancelled_day),
        expiry_date, start_date
    );

create macro main.code_totals(f) as table
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    start_date,
    expiry_date,
    redeemed_day,
    cancelled_day,
    deleted_day,
    import_id,
    status,
    count(*) as codes,
    sum(bytes)::bigint as bytes,
    sum(formula_like)::bigint as formula_like,
from chosen_codes(f)
group by all;

create macro kept_redemption_totals.redemption_totals(f) as table
from vouchers.redemption_totals
where
    is_chosen_kind(
        f, folder, group_name, batch, redemption_type, item_code, is_known
    )
    and have_beginning(
        f['prefix'], first_code, last_code, if(is_known, prefix, '')
    )
    and (f['cancelled'] is null or cancelled = f['cancelled'])
    and (f['from'] is null or hour >= f['from'])
    and (f['until'] is null or hour < f['until']);

-- A site or a campaign may have a code's later redemptions and not its first
-- ones: then previous_day is that of the chosen ones. Only codes that were
-- redeemed again need be looked at for that.
create macro main.redemption_totals(f) as table
with
    parts as materialized (
        from chosen_transactions(f)
        where f['site'] is not null or f['campaign'] is not null
    ),

    repeated as (
        select distinct code_id
        from parts
        where previous_day is not null
    ),

    chosen as (
        from chosen_transactions(f)
        where f['site'] is null and f['campaign'] is null
        union all
        from parts
        where
            cancelled
            or not is_known
            or code_id not in (from repeated)
        union all
        select
            * replace (
                date_trunc(
                    'day',
                    lag(time) over (
                        partition by code_id
                        order by time
                    )
                )::timestamp as previous_day
            ),
        from parts
        where not cancelled and code_id in (from repeated)
    )

select
    group_name,
    batch,
    campaign_id,
    campaign_name,
    cancelled,
    from_codes_file,
    is_known,
    hour,
    previous_day,
    count(*) as redemptions,
    sum(units)::bigint as units,
    sum(units_unknown)::bigint as units_unknown,
    sum(bytes)::bigint as bytes,
    sum(formula_like)::bigint as formula_like,
from chosen
group by all;

create macro kept_site_totals.site_totals(f) as table
from vouchers.site_totals
where
    is_chosen_kind(
        f, folder, group_name, batch, redemption_type, item_code, is_known
    )
    and have_beginning(
        f['prefix'], first_code, last_code, if(is_known, prefix, '')
    )
    and is_campaign(f['campaign'], campaign_id, campaign_name)
    and is_chosen(f['site'], site_ref, '(no site)')
    and (f['cancelled'] is null or cancelled = f['cancelled']);

create macro main.site_totals(f) as table
select
    site_ref,
    campaign_id,
    campaign_name,
    cancelled,
    count(*) as redemptions,
from chosen_transactions(f)
group by all;

-- One row per kind of chosen code, with their number, and their status as of
-- f['asof'].
create macro chosen_code_totals(f) as table
from code_totals(f);

-- The same with what a file of these codes would hold. A selection does
-- without: it would have to read every code.
create macro chosen_code_sizes(f) as table
select status, codes, bytes, formula_like
from code_totals(f);

-- One row per kind and hour of chosen redemptions, with their number.
-- redeemed_codes: how many of them are the first of their code in the chosen
-- period.
create macro chosen_redemption_totals(f) as table
select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
    if(
        cancelled or not is_known
        or previous_day >= coalesce(f['from'], timestamp '0001-01-01'),
        0,
        redemptions
    ) as redeemed_codes,
from redemption_totals(f);

create macro chosen_redemption_sizes(f) as table
select from_codes_file, redemptions, bytes, formula_like
from redemption_totals(f);

-- One row per site and kind of chosen redemptions, with their number.
create macro chosen_site_totals(f) as table
select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
from site_totals(f);

-- One row per batch that may hold the code: it has some that come before it
-- and some after it.
create macro batches_around(code) as table
select distinct coalesce(batch, '(no batch)') as batch
from vouchers.code_totals
where code between first_code and last_code;
