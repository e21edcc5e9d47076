-- A pivot table: the facts of pivot_facts.sql, added up by two dimensions.

-- The rows of pivoted() that a measure is made of. Codes that redemptions
-- redeemed are counted once in each cell, so that they do not add up.
create macro facts_of(measure, by_row, by_column, f) as
    case
        when measure in ('net', 'redemptions', 'cancelled', 'units')
        then 'redemptions'
        when measure = 'cancellation_rate' then 'redemptions'
        when is_of_redemptions(by_row) or is_of_redemptions(by_column)
        then if(
            measure = 'redeemed',
            'distinct_codes',
            error('Codes are issued to no site, campaign, day or hour.')
        )
        when measure in ('codes', 'within') then 'codes'
        when measure = 'median' then 'medians'
        when measure not in ('live', 'redeemed', 'rate')
        then error('A pivot table has no such measure.')
        when narrows_redemptions(f) then 'codes_and_redeemed'
        else 'codes'
    end;

-- Whether the value of a measure is a part of a whole.
create macro is_rate(measure) as
    measure in ('rate', 'within', 'cancellation_rate');

-- One row per cell of a pivot, and per row, per column and at all, of which
-- the other is null (level: 0, 1, 2 and 3). The value is part, or part / whole
-- where there is a whole, but of a median, of which whole is the number of
-- codes. per_day: whole is the number of days. left_out: codes too young for a
-- rate within days, net redemptions of unknown quantity, codes redeemed before
-- their start. early_end: per_day, when the data end, if that day is left out.
create macro pivoted(
    code_totals, redemption_totals, site_totals, f, moment, data_until,
    by_row, by_column, measure, days, per_day
) as table
with
    codes as (
        select
            dimension_of_code(f, by_row, facts) as "row",
            dimension_of_code(f, by_column, facts) as "column",
            case measure
                when 'codes' then codes
                when 'live' then live
                when 'within' then redeemed_within
                else redeemed
            end as part,
            case measure
                when 'rate' then live
                when 'within' then old_enough
            end as whole,
            if(measure = 'within', too_young, 0) as left_out,
        from code_facts(code_totals, f, days, data_until) as facts
        where measure <> 'within' or start_date is not null
    ),

    codes_and_redeemed as (
        from codes
        union all
        select
            dimension_of_code(f, by_row, facts),
            dimension_of_code(f, by_column, facts),
            if(measure = 'live', live, redeemed),
            if(measure = 'rate', live, null),
            0,
        from redeemed_facts(
            redemption_totals, f, moment, by_row, by_column
        ) as facts
    ),

    redemptions as (
        select
            dimension_of_redemption(f, by_row, facts) as "row",
            dimension_of_redemption(f, by_column, facts) as "column",
            case measure
                when 'net' then net
                when 'redemptions' then redemptions
                when 'cancelled' then cancellations
                when 'cancellation_rate' then cancellations
                when 'units' then units
                else error('A pivot table has no such measure.')
            end as part,
            if(measure = 'cancellation_rate', redemptions, null) as whole,
            if(measure = 'units', units_unknown, 0) as left_out,
        from redemption_facts(
            redemption_totals, site_totals, f, moment, by_row, by_column,
            measure
        ) as facts
    ),

    added as (
        select
            "row",
            "column",
            grouping("row", "column") as level,
            total(part) as part,
            sum(whole)::bigint as whole,
            total(left_out) as left_out,
            null::double as middle,
        from query_table(facts_of(measure, by_row, by_column, f))
        group by cube ("row", "column")
    ),

    distinct_codes as (
        select
            dimension_of_redemption(f, by_row, facts) as "row",
            dimension_of_redemption(f, by_column, facts) as "column",
            grouping("row", "column") as level,
            count(distinct code_id) as part,
            null::bigint as whole,
            0 as left_out,
            null::double as middle,
        from judged_redemptions(f, moment, by_row, by_column) as facts
        where not cancelled and is_known
        group by cube ("row", "column")
    ),

    waits as (
        select
            *,
            true as is_known,
            epoch(first_time - start_date) / 86400 as wait,
        from judged_codes(moment, f)
        join (
            select code_id, min(time) as first_time
            from chosen_transactions(f)
            where not cancelled
            group by all
        ) using (code_id)
        where start_date is not null
    ),

    medians as (
        select
            dimension_of_code(f, by_row, facts) as "row",
            dimension_of_code(f, by_column, facts) as "column",
            grouping("row", "column") as level,
            null::bigint as part,
            count(*) filter (wait >= 0) as whole,
            count(*) filter (wait < 0) as left_out,
            quantile_cont(wait, 0.5) filter (wait >= 0) as middle,
        from waits as facts
        group by cube ("row", "column")
    ),

    whole_counts as (
        from query_table(
            if(
                facts_of(measure, by_row, by_column, f)
                in ('distinct_codes', 'medians'),
                facts_of(measure, by_row, by_column, f),
                'added'
            )
        )
    ),

    means as (
        select whole_counts.* replace (length as whole),
        from whole_counts
        left join days_of_pivot(
            redemption_totals, f, data_until, by_row, by_column
        )
            on of_row is not distinct from if(is_of_days(by_row), "row", null)
            and of_column is not distinct from
            if(is_of_days(by_column), "column", null)
    )

select
    *,
    case
        when measure = 'median' then middle
        when is_rate(measure) or per_day = 'yes' then rate(part, whole)
        else part
    end as value,
    if(per_day = 'yes', early_end(f, data_until), null) as early_end,
from query_table(
    if(
        per_day = 'no',
        'whole_counts',
        if(
            per_day = 'yes'
            and measure in ('net', 'redemptions', 'cancelled', 'units'),
            'means',
            error('There is no mean per day of this measure.')
        )
    )
);

-- By what rows and columns of a pivot are sorted, from their totals: times stay
-- in their order, and rates of few (less than 20) come after the others.
create macro rank_in_pivot(choice, measure, value, whole) as
    case
        when choice in ('weekday', 'hour', 'day', 'week', 'month', 'start')
        then 0
        when is_rate(measure) and whole < 20 then 2 - value
        else -value
    end;

-- The same with the places of rows and columns (null of a total), and how many
-- there are: the largest totals first, and names such as '(no site)' last.
-- One row per cell, per row, per column and for all.
create macro placed_pivot(
    code_totals, redemption_totals, site_totals, f, moment, data_until,
    by_row, by_column, measure, days, per_day
) as table
with
    all_cells as materialized (
        from pivoted(
            code_totals, redemption_totals, site_totals, f, moment, data_until,
            by_row, by_column, measure, days, per_day
        )
    ),

    row_places as (
        select
            "row",
            row_number() over (
                order by
                    is_apart(by_row, "row"),
                    rank_in_pivot(by_row, measure, value, whole) nulls last,
                    "row"
            ) as row_place,
        from all_cells
        where level = 1
    ),

    column_places as (
        select
            "column",
            row_number() over (
                order by
                    is_apart(by_column, "column"),
                    rank_in_pivot(by_column, measure, value, whole) nulls last,
                    "column"
            ) as column_place,
        from all_cells
        where level = 2
    )

select
    "row",
    "column",
    level,
    value,
    part,
    whole,
    left_out,
    early_end,
    row_place,
    column_place,
    max(row_place) over () as all_rows,
    max(column_place) over () as all_columns,
from all_cells
left join row_places using ("row")
left join column_places using ("column");
