-- Totals of the chosen rows, for all queries that need no single row. Each
-- macro takes the name of what it reads: 'stored', the totals of schema.sql,
-- where they can answer; 'counted', the rows, which always can; or the table of
-- a selection, which queries/engine/selection.py made of either. DuckDB plans
-- only the one that is named. What is counted knows no first and last code.

-- A stored *_day as status_of() takes it: the moment itself where the day is
-- the moment's own or an earlier one, else null.
create macro by_day(moment, day) as
    if(day <= next_midnight(moment), moment, null);

-- One row per kind of chosen code, with the number of codes; as of f['asof']
-- their status and whether they were redeemed, which a later deletion hides;
-- and whether they are live by their dates: started before the end of the
-- chosen period and not expired when it starts.
create macro chosen_code_totals(totals, f) as table
with
    judged as (
        select
            *,
            status_of(
                f['asof'], by_day(f['asof'], deleted_day),
                by_day(f['asof'], redeemed_day),
                by_day(f['asof'], cancelled_day), expiry_date, start_date
            ) as status,
            coalesce(
                by_day(f['asof'], redeemed_day) <= f['asof'], false
            ) as was_redeemed,
        from vouchers.code_totals
    ),

    chosen as (
        from judged
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                true
            )
            and have_prefix(f['prefix'], first_code, last_code, prefix)
            and is_chosen(f['status'], status, null)
    ),

    narrowed as (
        from chosen
        where
            is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code, true
            )
            and lack_prefix(f['prefix!'], first_code, last_code, prefix)
            and has_chosen_dates(f, start_date, expiry_date)
            and is_kept(f['status!'], status, null)
    ),

    others as (
        from judged
        where
            is_other_kind(
                f, folder, group_name, batch, redemption_type, item_code, true,
                start_date, expiry_date,
                have_prefix(f['prefix'], first_code, last_code, prefix)
                and lack_prefix(f['prefix!'], first_code, last_code, prefix)
                and is_chosen(f['status'], status, null)
                and is_kept(f['status!'], status, null)
            )
    ),

    stored as (
        from query_table(branch_of(f))
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
            redeemed_age,
            import_id,
            status,
            coalesce(first_redeemed <= f['asof'], false) as was_redeemed,
            count(*) as codes,
            sum(bytes)::bigint as bytes,
            sum(formula_like)::bigint as formula_like,
            null::varchar as first_code,
            null::varchar as last_code,
        from judged_codes(f['asof'], f)
        group by all
    )

select
    *,
    is_live_by_dates(f, start_date, expiry_date) as is_live,
from query_table(totals);

-- One row per kind of chosen code, with the number of codes, and its value for
-- each filter of codes that offers values: as text, under the filter's name;
-- null where it is hidden.
create macro code_fields(totals, f) as table
select
    coalesce(folder, '(no folder)') as folder,
    coalesce(group_name, '(no group)') as "group",
    if(
        is_hidden(f, prefix), null, coalesce(prefix, '(no prefix)')
    ) as prefix,
    coalesce(batch, '(no batch)') as batch,
    coalesce(redemption_type, '(no type)') as type,
    coalesce(item_code, '(no item)') as item,
    start_date,
    codes,
from chosen_code_totals(totals, f);

-- One row per kind and hour of chosen redemptions, with their number.
-- redeemed_codes: how many of them are the first of their code in the chosen
-- period. A site or a campaign may have a code's later redemptions and not its
-- first ones: then previous_day is computed again from the chosen ones, for
-- codes that were redeemed more than once. redeemed_not_live: how many of these
-- codes are not live by their dates in the period, which only redemptions
-- outside a code's dates can be of.
create macro chosen_redemption_totals(totals, f) as table
with
    of_choice as (
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
            and is_between(f['from'], f['until'], hour)
    ),

    narrowed as (
        from of_choice
        where
            is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and lack_prefix(
                f['prefix!'], first_code, last_code, if(is_known, prefix, '')
            )
    ),

    others as (
        from vouchers.redemption_totals
        where
            is_other_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known, null::timestamp, null::timestamp,
                have_prefix(
                    f['prefix'], first_code, last_code, if(is_known, prefix, '')
                )
                and lack_prefix(
                    f['prefix!'], first_code, last_code,
                    if(is_known, prefix, '')
                )
            )
            and is_visit_of_rest(f, null, null, null, cancelled)
            and is_between(f['from'], f['until'], hour)
    ),

    -- Not "chosen", which these totals call their rows.
    stored as (
        from query_table(replace(branch_of(f), 'chosen', 'of_choice'))
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
            folder,
            group_name,
            batch,
            campaign_id,
            campaign_name,
            cancelled,
            from_codes_file,
            is_known,
            hour,
            previous_day,
            early_start,
            late_expiry,
            count(*) as redemptions,
            sum(units)::bigint as units,
            sum(units_unknown)::bigint as units_unknown,
            sum(bytes)::bigint as bytes,
            sum(formula_like)::bigint as formula_like,
            null::varchar as first_code,
            null::varchar as last_code,
        from query_table(if(parts_codes(f), 'parts', 'whole'))
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
    if(
        early_start >= f['live_until'] or late_expiry <= f['from'],
        redeemed_codes,
        0
    ) as redeemed_not_live,
from query_table(totals);

-- One row per site and kind of chosen redemptions, with their number.
create macro chosen_site_totals(totals, f) as table
with
    chosen as (
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

    narrowed as (
        from chosen
        where
            is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and lack_prefix(
                f['prefix!'], first_code, last_code, if(is_known, prefix, '')
            )
            and is_kept_visit(f, campaign_id, campaign_name, site_ref)
    ),

    others as (
        from vouchers.site_totals
        where
            is_other_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known, null::timestamp, null::timestamp,
                have_prefix(
                    f['prefix'], first_code, last_code, if(is_known, prefix, '')
                )
                and lack_prefix(
                    f['prefix!'], first_code, last_code,
                    if(is_known, prefix, '')
                )
            )
            and is_visit_of_rest(
                f, campaign_id, campaign_name, site_ref, cancelled
            )
    ),

    stored as (
        from query_table(branch_of(f))
    ),

    counted as (
        select
            site_ref,
            campaign_id,
            campaign_name,
            cancelled,
            from_codes_file,
            count(*) as redemptions,
        from chosen_transactions(f)
        group by all
    )

select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
from query_table(totals);
