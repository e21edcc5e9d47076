-- What pivot tables add up: codes and redemptions of a kind, with what each
-- adds to every measure, and what a row of them (r) is called in a dimension.

-- The part of the calendar that a moment lies in, as text that sorts by time.
create macro bucket_of(choice, moment) as
    case choice
        when 'weekday' then isodow(moment)::varchar -- 1 is Monday
        when 'hour' then lpad(hour(moment)::varchar, 2, '0')
        when 'day' then moment::date::varchar
        when 'week' then date_trunc('week', moment)::date::varchar
        when 'month' then left(moment::date::varchar, 7)
    end;

-- Dimensions that redemptions have and codes have not.
create macro is_of_redemptions(choice) as
    choice in ('site', 'campaign', 'weekday', 'hour', 'day', 'week', 'month');

-- Dimensions that divide the days of a period.
create macro is_of_days(choice) as
    choice in ('weekday', 'day', 'week', 'month');

-- Those that are columns of every total.
create macro kinds_of_codes() as
    ['none', 'folder', 'group', 'prefix', 'batch', 'type', 'item'];

-- Never null.
create macro dimension_of_code(f, choice, r) as
    case
        when choice = 'none' then ''
        when choice = 'folder' then coalesce(r.folder, '(no folder)')
        when choice = 'group' then coalesce(r.group_name, '(no group)')
        when choice = 'batch' then coalesce(r.batch, '(no batch)')
        when choice not in ('prefix', 'type', 'item', 'start', 'status')
        then error('A pivot table has no such rows or columns.')
        when not r.is_known then '(unknown code)'
        when choice = 'prefix'
        then coalesce(shown_prefix(f, r.prefix), '(no prefix)')
        when choice = 'type' then coalesce(r.redemption_type, '(no type)')
        when choice = 'item' then coalesce(r.item_code, '(no item)')
        when choice = 'start'
        then coalesce(bucket_of('month', r.start_date), '(no start)')
        when choice = 'status' then r.status
    end;

-- Never null.
create macro dimension_of_redemption(f, choice, r) as
    case
        when choice = 'campaign'
        then campaign_of(r.campaign_id, r.campaign_name)
        when choice = 'site' and r.from_codes_file
        then '(known only from code files)'
        when choice = 'site' then coalesce(r.site_ref, '(no site)')
        when is_of_redemptions(choice) then bucket_of(choice, r.hour)
        else dimension_of_code(f, choice, r)
    end;

-- Whether a name in a dimension says that there is none: below the others.
create macro is_apart(choice, name) as
    name in (
        '(no ' || choice || ')',
        '(unknown code)',
        '(known only from code files)'
    );

-- Whether the choices are among those that some totals have.
create macro are_among(by_row, by_column, choices) as
    list_contains(choices, by_row) and list_contains(choices, by_column);

-- Whether a filter is in force that chooses redemptions and not codes.
create macro narrows_redemptions(f) as
    parts_codes(f)
    or f['cancelled'] is not null
    or f['from'] is not null
    or f['until'] is not null;

-- One row per kind of chosen code.
create macro code_facts(totals, f, days, data_until) as table
select
    *,
    true as is_known,
    if(is_live, codes, 0) as live,
    -- Where a filter chooses redemptions, redeemed_facts() has these.
    if(redeemed_day is null or narrows_redemptions(f), 0, codes) as redeemed,
    age_of(start_date, data_until) as age,
    if(age >= days, codes, 0) as old_enough,
    if(age >= days and redeemed_age < days, codes, 0) as redeemed_within,
    if(age < days, codes, 0) as too_young,
from chosen_code_totals(totals, f);

-- One row per code that chosen redemptions redeemed, or per kind of it, where
-- totals have the dimensions. live: those that are not live by their dates.
create macro redeemed_facts(totals, f, moment, by_row, by_column) as table
with
    stored as (
        select
            *,
            null::timestamp as start_date,
            null::varchar as status,
            redeemed_codes as redeemed,
            redeemed_not_live as live,
        from chosen_redemption_totals('stored', f)
        where redeemed_codes > 0
    ),

    counted as (
        select
            *,
            true as is_known,
            1 as redeemed,
            coalesce(
                start_date >= f['live_until'] or expiry_date <= f['from'],
                false
            )::int as live,
        from judged_codes(moment, f)
        where
            code_id in (
                select code_id
                from chosen_transactions(f)
                where not cancelled
            )
    )

from query_table(
    if(are_among(by_row, by_column, kinds_of_codes()), totals, 'counted')
);

-- One row per chosen redemption, with the status of its code where needed.
create macro judged_redemptions(f, moment, by_row, by_column) as table
with
    plain as (
        select *, null::varchar as status
        from chosen_transactions(f)
    ),

    judged as (
        from chosen_transactions(f)
        left join (
            select code_id, status
            from judged_codes(moment, f)
        ) using (code_id)
    )

from query_table(if('status' in (by_row, by_column), 'judged', 'plain'));

-- One row per chosen redemption, or per kind of it, where totals have the
-- dimensions. Those of sites know no units.
create macro redemption_facts(
    redemption_totals, site_totals, f, moment, by_row, by_column, measure
) as table
with
    of_hours as (
        select
            *,
            null::timestamp as start_date,
            null::varchar as status,
            null::varchar as site_ref,
        from chosen_redemption_totals('stored', f)
    ),

    of_sites as (
        select
            *,
            null::timestamp as start_date,
            null::varchar as status,
            null::timestamp as hour,
            0 as units,
            0 as units_unknown,
        from chosen_site_totals('stored', f)
    ),

    counted as (
        select
            *,
            1 as redemptions,
            if(cancelled, 0, 1) as net,
            if(cancelled, 1, 0) as cancellations,
        from judged_redemptions(f, moment, by_row, by_column)
    )

from query_table(
    case
        when
            redemption_totals = 'stored'
            and are_among(
                by_row,
                by_column,
                kinds_of_codes()
                || ['campaign', 'weekday', 'hour', 'day', 'week', 'month']
            )
        then 'of_hours'
        when
            site_totals = 'stored'
            and measure <> 'units'
            and are_among(
                by_row, by_column, kinds_of_codes() || ['campaign', 'site']
            )
        then 'of_sites'
        else 'counted'
    end
);

-- The first hour with a chosen redemption.
-- One row.
create macro first_redemption(redemption_totals, f) as table
with
    stored as (
        select min(hour) as first_hour
        from chosen_redemption_totals('stored', f)
    ),

    counted as (
        select min(hour) as first_hour
        from chosen_transactions(f)
    )

from query_table(redemption_totals);

-- Where the days end that a mean is over: with the chosen period, or with the
-- data, whose last day is one of them if the data reach its noon.
create macro end_of_days(f, data_until) as
    least(
        coalesce(f['until']::timestamp, timestamp '9999-12-31'),
        date_trunc('day', data_until::timestamp + interval 12 hour)::timestamp
    );

-- When the data end, if that is before the noon of a day of the period, which
-- is none of the days that a mean is over.
create macro early_end(f, data_until) as
    if(
        hour(data_until::timestamp) < 12
        and coalesce(f['from']::date <= data_until::date, true)
        and coalesce(data_until::timestamp < f['until']::timestamp, true),
        data_until::timestamp,
        null
    );

-- One row per row and column of a pivot, and per row, per column and at all,
-- of which the other is null: how many days of the chosen period, or from the
-- first chosen redemption on, there are until end_of_days(). A dimension that
-- divides no days is null throughout.
create macro days_of_pivot(
    redemption_totals, f, data_until, by_row, by_column
) as table
with
    calendar as (
        select
            unnest(
                generate_series(
                    curve_start(f, first_hour),
                    end_of_days(f, data_until) - interval 1 microsecond,
                    interval 1 day
                )
            ) as day,
        from first_redemption(redemption_totals, f)
    ),

    buckets as (
        select
            if(is_of_days(by_row), bucket_of(by_row, day), null) as of_row,
            if(is_of_days(by_column), bucket_of(by_column, day), null)
            as of_column,
        from calendar
    ),

    counted as (
        select of_row, of_column, count(*) as many
        from buckets
        group by cube (of_row, of_column)
    )

select of_row, of_column, max(many) as length
from counted
group by all;
