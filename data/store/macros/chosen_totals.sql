-- Totals of the chosen rows, for all queries that need no row itself. Each
-- macro takes the name of what it reads: 'stored', the totals of schema.sql,
-- where they can answer; 'counted', the rows, which always can; or the table of
-- a selection, which queries/engine/selection.py made of either. DuckDB plans
-- only the one that is named.

-- Whether some of the codes from the first to the last may start like one of
-- the choice. Cheap, and false for most: it spares a look at each prefix.
create macro is_near(choice, first_code, last_code) as
    last_code >= list_min(choice)
    and left(first_code, 1) <= left(list_max(choice), 1);

-- Like has_prefix, for all codes from the first to the last at once.
create macro have_prefix(choice, first_code, last_code, prefix) as
    choice is null
    or prefix = choice[1]
    or (
        starts_with(first_code, choice[1])
        and starts_with(last_code, choice[1])
    )
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: starts_with(first_code, p)
                        and starts_with(last_code, p)
                    )
                ) > 0
            )
        )
    );

-- Some of the codes from the first to the last may start so.
create macro may_have_prefix(choice, first_code, last_code, prefix) as
    prefix = choice[1]
    or (
        last_code >= choice[1]
        and (first_code < choice[1] or starts_with(first_code, choice[1]))
    )
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: last_code >= p
                        and (first_code < p or starts_with(first_code, p))
                    )
                ) > 0
            )
        )
    );

-- Of kinds that may have codes with the chosen prefixes: whether there is one
-- of which some codes have them and others not.
create macro any_in_part(choice, first_code, last_code, prefix) as
    coalesce(
        bool_or(
            not coalesce(
                have_prefix(choice, first_code, last_code, prefix), false
            )
        ),
        false
    );

create macro named_batches(batch) as
    coalesce(list(distinct coalesce(batch, '(no batch)')), []);

-- Which of the stored totals can answer a choice, and the batches that the
-- chosen prefixes can be in. Of codes they know the days of redemptions: the
-- moment of a status must not part a day that has any. What is looked at here,
-- plan_key() in queries/engine/totals.py names.
-- One row.
create macro plan_of(f) as table
with
    of_codes as (
        select
            any_in_part(f['prefix'], first_code, last_code, prefix) as in_part,
            named_batches(batch) as batches,
        from vouchers.code_totals
        where
            f['prefix'] is not null
            and may_have_prefix(f['prefix'], first_code, last_code, prefix)
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
            and may_have_prefix(
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
            and may_have_prefix(
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

-- A day of the stored totals as a moment to be judged.
create macro by_day(moment, day) as
    if(day <= next_midnight(moment), moment, null);

-- One row per kind of chosen code, with their number, and their status as of
-- f['asof'].
create macro chosen_code_totals(totals, f) as table
with
    stored as (
        select
            *,
            status_of(
                f['asof'], by_day(f['asof'], deleted_day),
                by_day(f['asof'], redeemed_day),
                by_day(f['asof'], cancelled_day), expiry_date, start_date
            ) as status,
        from vouchers.code_totals
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                true
            )
            and have_prefix(f['prefix'], first_code, last_code, prefix)
            and is_status(
                f['status'], f['asof'], by_day(f['asof'], deleted_day),
                by_day(f['asof'], redeemed_day),
                by_day(f['asof'], cancelled_day), expiry_date, start_date
            )
    ),

    counted as (
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
        from judged_codes(f['asof'], f)
        group by all
    )

from query_table(totals);

-- One row per kind of chosen code, with its number: what it has for each filter
-- of codes that offers values, as text and under the name of that filter.
create macro code_fields(totals, f) as table
select
    coalesce(folder, '(no folder)') as folder,
    coalesce(group_name, '(no group)') as "group",
    coalesce(prefix, '(no prefix)') as prefix,
    coalesce(batch, '(no batch)') as batch,
    coalesce(redemption_type, '(no type)') as type,
    coalesce(item_code, '(no item)') as item,
    start_date,
    codes,
from chosen_code_totals(totals, f);

-- One row per kind and hour of chosen redemptions, with their number.
-- redeemed_codes: how many of them are the first of their code in the chosen
-- period. A site or a campaign may have a code's later redemptions and not its
-- first ones: then previous_day is that of the chosen ones. Only codes that
-- were redeemed again need be looked at for that.
create macro chosen_redemption_totals(totals, f) as table
with
    stored as (
        from vouchers.redemption_totals
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and have_prefix(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            )
            and (f['cancelled'] is null or cancelled = f['cancelled'])
            and (f['from'] is null or hour >= f['from'])
            and (f['until'] is null or hour < f['until'])
    ),

    whole as (
        from chosen_transactions(f)
    ),

    chosen as materialized (
        from chosen_transactions(f)
    ),

    repeated as (
        select distinct code_id
        from chosen
        where previous_day is not null
    ),

    parts as (
        from chosen
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
        from chosen
        where not cancelled and code_id in (from repeated)
    ),

    counted as (
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
        from query_table(
            if(f['site'] is null and f['campaign'] is null, 'whole', 'parts')
        )
        group by all
    )

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
from query_table(totals);

-- One row per site and kind of chosen redemptions, with their number.
create macro chosen_site_totals(totals, f) as table
with
    stored as (
        from vouchers.site_totals
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and have_prefix(
                f['prefix'], first_code, last_code, if(is_known, prefix, '')
            )
            and is_campaign(f['campaign'], campaign_id, campaign_name)
            and is_chosen(f['site'], site_ref, '(no site)')
            and (f['cancelled'] is null or cancelled = f['cancelled'])
    ),

    counted as (
        select
            site_ref,
            campaign_id,
            campaign_name,
            cancelled,
            count(*) as redemptions,
        from chosen_transactions(f)
        group by all
    )

select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
from query_table(totals);

-- One row per batch that may hold the code: it has some that come before it
-- and some after it.
create macro batches_around(code) as table
select distinct coalesce(batch, '(no batch)') as batch
from vouchers.code_totals
where code between first_code and last_code;
