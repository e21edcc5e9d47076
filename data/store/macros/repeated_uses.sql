-- Checks of codes that were redeemed several times. A code is one whether a
-- codes file has brought it or not: its group, if it has one, and its text.

-- One row per redemption of the codes in the table, and of unknown codes, that
-- the person may see, chosen or not.
create macro redemptions_of(f, suspects) as table
from vouchers.transactions
where
    is_seen(f, folder, group_name)
    and (
        code_id is null
        or code_id in (select code_id from query_table(suspects))
    );

-- One row per live redemption without a campaign of a code that has several of
-- which one is chosen: with the one before, and the first that tells its site.
create macro repeated_uses(f) as table
with
    several as (
        select code_id
        from vouchers.codes
        where scans > 1
    ),

    numbered as (
        select
            *,
            row_number() over uses as number,
            lag(time) over uses as time_before,
            lag(site_ref) over uses as site_before,
            first_value(
                if(site_ref is null, null, {'time': time, 'site': site_ref})
                ignore nulls
            ) over uses as first_at_site,
            count(*) over (partition by group_name, code) as uses,
        from redemptions_of(f, 'several')
        where not cancelled and campaign_id is null
        window
            uses as (
                partition by group_name, code
                order by time, transaction_id
            )
    ),

    chosen as (
        select code_id, group_name, code
        from chosen_transactions(f)
        where
            not cancelled
            and campaign_id is null
            and (code_id is null or code_id in (from several))
    )

from numbered
semi join chosen
    on chosen.code_id is not distinct from numbered.code_id
    and chosen.group_name is not distinct from numbered.group_name
    and chosen.code = numbered.code
where uses > 1;

-- One row per code with several live redemptions without a campaign: the first
-- two.
create macro check_used_twice(f) as table
select
    * replace (time_before as time, site_before as site_ref),
    time as second_time,
    site_ref as second_site,
from repeated_uses(f)
where number = 2;

-- One row per code with live redemptions without a campaign at several sites:
-- the first one, and the first at another site.
create macro check_used_at_two_sites(f) as table
select
    * replace (first_at_site.time as time, first_at_site.site as site_ref),
    time as second_time,
    site_ref as second_site,
from repeated_uses(f)
where site_ref <> first_at_site.site
qualify
    row_number() over (
        partition by group_name, code
        order by time, transaction_id
    ) = 1;

-- One row per code with two live redemptions without a campaign within so many
-- minutes: the two that are nearest.
create macro check_used_within_minutes(f, minutes) as table
select
    * replace (time_before as time, site_before as site_ref),
    time as second_time,
    site_ref as second_site,
from repeated_uses(f)
where time <= time_before + to_minutes(minutes::bigint)
qualify
    row_number() over (
        partition by group_name, code
        order by time - time_before, time, transaction_id
    ) = 1;

-- One row per code with a redemption that was cancelled at one site and a later
-- live one at another, of which one is chosen: the first such cancelled one and
-- the last live one.
create macro check_cancelled_then_elsewhere(f) as table
with
    both_kinds as (
        select code_id
        from vouchers.codes
        where scans > 0 and first_cancelled is not null
    ),

    sites as (
        select
            code_id,
            group_name,
            code,
            site_ref,
            any_value(prefix) as prefix,
            any_value(folder) as folder,
            any_value(batch) as batch,
            min(time) filter (cancelled) as cancelled_time,
            max(time) filter (not cancelled) as second_time,
            max_by(transaction_id, (time, transaction_id)) filter (
                not cancelled
            ) as transaction_id,
        from redemptions_of(f, 'both_kinds')
        where site_ref is not null
        group by code_id, group_name, code, site_ref
    ),

    -- The last one elsewhere is at one of the last two sites.
    last_two as (
        from sites
        where second_time is not null
        qualify
            row_number() over (
                partition by group_name, code
                order by second_time desc, site_ref
            ) <= 2
    ),

    found as (
        select
            last_two.* exclude (cancelled_time),
            last_two.site_ref as second_site,
            sites.cancelled_time,
            sites.site_ref as cancelled_site,
        from sites
        join last_two
            on last_two.code = sites.code
            and last_two.group_name is not distinct from sites.group_name
            and last_two.site_ref <> sites.site_ref
            and last_two.second_time > sites.cancelled_time
        qualify
            row_number() over (
                partition by last_two.group_name, last_two.code
                order by
                    sites.cancelled_time,
                    sites.site_ref,
                    last_two.second_time desc,
                    last_two.site_ref
            ) = 1
    ),

    chosen as (
        select code_id, group_name, code
        from chosen_transactions(f)
        where code_id is null or code_id in (from both_kinds)
    )

from found
semi join chosen
    on chosen.code_id is not distinct from found.code_id
    and chosen.group_name is not distinct from found.group_name
    and chosen.code = found.code;
