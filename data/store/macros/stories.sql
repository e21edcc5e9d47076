-- What the store knows of one code. Redemptions without a group are of
-- '(no group)', as in the filters. Those whose code no codes file has brought
-- take long to be looked through by their codes, on large stores: is_stored
-- says that there is a codes file of the code (true), that there is none
-- (false), or that nobody has looked (null).

-- A story is whole: of the filters only the moment that judges and what is seen
-- count, and two that leave fewer rows to look through, by which nothing may be
-- left out: the batches of the code, and the period of redemptions without one.

-- One row per stored code with this text, of all groups that are seen.
create macro codes_named(f, text) as table
from vouchers.codes
where
    code = text
    and is_chosen(f['batch'], batch, '(no batch)')
    and is_seen(f, folder, group_name);

-- One row per redemption of a code that no codes file has brought, of all
-- groups that are seen.
create macro redemptions_without_code(f, text) as table
select *, coalesce(group_name, '(no group)') as named_group,
from redemption_rows()
where
    code_id is null
    and code = text
    and is_seen(f, folder, group_name)
    and is_between(f['from'], f['until'], time);

-- The part of a macro that reads what is_stored leaves open. DuckDB plans only
-- the one that is named.
create macro story_part(is_stored) as
    case
        when is_stored is null then 'either'
        when is_stored then 'known'
        else 'unknown'
    end;

-- One row per redemption of the code of a group. By the number of the
-- code: numbers are compared far sooner than texts.
create macro redemptions_of_code(f, text, in_group, is_stored) as table
with
    known as (
        select *, group_name as named_group,
        from redemption_rows()
        where
            code_id in (
                select code_id
                from codes_named(f, text)
                where group_name = in_group
            )
    ),

    unknown as (
        from redemptions_without_code(f, text)
        where named_group = in_group
    ),

    either as (
        from known
        union all
        from unknown
    )

from query_table(story_part(is_stored));

-- One row per group that has the code, and whether a codes file has brought it.
create macro groups_of(f, text, is_stored) as table
with
    known as (
        select group_name, true as is_stored
        from codes_named(f, text)
    ),

    unknown as (
        select distinct named_group as group_name, false as is_stored
        from redemptions_without_code(f, text)
    ),

    either as (
        from known
        union all
        from unknown
    )

from query_table(story_part(is_stored));

-- One row per hour and kind of redemptions among which there may be one of the
-- code, without a codes file of it.
create macro hours_without_code(f, text) as table
select hour
from vouchers.redemption_totals
where
    not is_known
    and text between first_code and last_code
    and is_seen(f, folder, group_name);

-- One row per import that brought the code of a group, one of its redemptions
-- or a change of them, and per way in which it did. Imports are of no group, so
-- only who sees all rows is told; of f only the batches and the period count,
-- which leave fewer rows to look through.
create macro imports_of(f, text, in_group, is_stored) as table
with
    every as (
        select import_id, 'new codes' as change
        from codes_named(f, text)
        where group_name = in_group
        union
        select import_id, 'new transactions'
        from redemptions_of_code(f, text, in_group, is_stored)
        where not from_codes_file
        union
        select import_id, change
        from vouchers.changes
        where code = text and coalesce(group_name, '(no group)') = in_group
    )

from every
where sees_all(f);

-- Where a redemption was, and what is unusual about it, in words.
create macro visit_in_words(
    from_codes_file, site, id, name, early_start, late_expiry
) as
    concat_ws(
        ', ',
        case
            when from_codes_file then 'By the codes file, which names no site'
            when site is null then 'At no named site'
            else 'At ' || site
        end,
        'in the campaign ' || coalesce(name, id),
        if(early_start is null, null, 'before its start'),
        if(late_expiry is null, null, 'after its expiry')
    );

create macro at_no_known_time() as
    'Some time later: the export does not have when';

-- One row per check that finds the code of a group, of those that its own rows
-- decide, by its name: as check_rows() finds it, without the rows of other
-- codes.
create macro checks_of_code(f, text, in_group, is_stored, minutes) as table
with
    own as (
        from codes_named(f, text)
        where group_name = in_group
    ),

    uses as (from redemptions_of_code(f, text, in_group, is_stored)),

    live as (from uses where not cancelled),

    without_campaign as (
        select
            time,
            site_ref,
            lag(time) over (order by time, transaction_id) as time_before,
        from live
        where campaign_id is null
    ),

    sites as (
        select
            site_ref,
            min(time) filter (cancelled) as cancelled_time,
            max(time) filter (not cancelled) as live_time,
        from uses
        where site_ref is not null
        group by site_ref
    ),

    found as (
        select 'no_live_transaction' as "check"
        from own
        where redemption_time is not null and scans = 0
        union all
        select 'codes_file_silent'
        from own
        join codes_exported_at('own') using (code_id)
        where
            redemption_time is null
            and exported_at > (select min(time) from live)
        union all
        select 'times_disagree'
        from own
        where
            scans > 0
            and redemption_time is not null
            and date_trunc('minute', redemption_time) not in (
                select date_trunc('minute', time)
                from live
            )
        union all
        select 'unknown_code'
        from uses
        where code_id is null
        union all
        select 'used_twice'
        from without_campaign
        having count(*) > 1
        union all
        select 'used_at_two_sites'
        from without_campaign
        having count(distinct site_ref) > 1
        union all
        select 'used_within_minutes'
        from without_campaign
        where time <= time_before + to_minutes(minutes::bigint)
        union all
        select
            if(
                campaign_id is null,
                'outside_dates',
                'outside_dates_in_campaign'
            ),
        from live
        where early_start is not null or late_expiry is not null
        union all
        select 'cancelled_then_elsewhere'
        from sites
        join sites as others
            on others.site_ref <> sites.site_ref
            and others.live_time > sites.cancelled_time
        union all
        select 'last_day'
        from own
        where is_last_day(expiry_date)
        union all
        select 'not_after_start'
        from own
        where is_not_after_start(start_date, expiry_date)
    )

select distinct "check"
from found;
