-- Redemptions over time by a name: group, folder, batch, site or month of start
-- of the code.

create macro is_nameless(choice, name) as
    name = '(no ' || if(choice = 'month', 'start', choice) || ')';

-- The line of a name, over rows of names: 1 to `most` of those with the most
-- net redemptions, the next one of all others, then what has no name, and what
-- is known only from codes files.
create macro line_of(choice, name, from_codes_file, net, cancelled, most) as
    case
        when from_codes_file then most + 3
        when is_nameless(choice, name) then most + 2
        else least(
            most + 1,
            row_number() over (
                partition by from_codes_file, is_nameless(choice, name)
                order by net desc, cancelled desc, name
            )
        )
    end;

-- One row per name and period of chosen redemptions, with its line. No totals
-- have sites or starts by the hour: those are counted from the rows. Of sites,
-- those known only from codes files are apart, which tell none.
create macro split_redemptions(totals, f, choice, grain, most) as table
with
    of_totals as (
        select
            cohort_of(
                choice, batch, group_name, folder, null::timestamp
            ) as name,
            false as from_codes_file,
            date_trunc(grain, hour)::timestamp as period,
            total(redemptions.net) as net,
            total(cancellations) as cancelled,
        from chosen_redemption_totals(totals, f) as redemptions
        group by all
    ),

    -- Months are written out once for all of their redemptions.
    counted as (
        select
            if(choice = 'site', site_ref, null) as site,
            if(choice = 'month', date_trunc('month', start_date), null)
            as month,
            choice = 'site' and redemptions.from_codes_file as from_codes_file,
            date_trunc(grain, time)::timestamp as period,
            count(*) filter (not redemptions.cancelled) as net,
            count(*) filter (redemptions.cancelled) as cancelled,
        from chosen_transactions(f) as redemptions
        group by all
    ),

    of_rows as (
        select
            if(
                choice = 'site',
                coalesce(site, '(no site)'),
                coalesce(strftime(month, '%Y-%m'), '(no start)')
            ) as name,
            * exclude (site, month),
        from counted
    ),

    used as (
        from query_table(
            if(choice in ('site', 'month'), 'of_rows', 'of_totals')
        )
    ),

    names as (
        select
            name,
            from_codes_file,
            line_of(
                choice, name, from_codes_file, sum(net), sum(cancelled), most
            ) as line,
        from used
        group by name, from_codes_file
    )

select used.*, line
from used
join names using (name, from_codes_file);
