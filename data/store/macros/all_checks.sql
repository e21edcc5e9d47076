-- All checks by their names, for the chosen rows.

create macro names_of_checks() as [
    'no_live_transaction',
    'codes_file_silent',
    'times_disagree',
    'unknown_code',
    'used_twice',
    'used_at_two_sites',
    'used_within_minutes',
    'outside_dates',
    'outside_dates_in_campaign',
    'cancelled_then_elsewhere',
    'last_day',
    'not_after_start',
    'parent_not_loaded',
    'parent_not_redeemed',
    'parent_cancelled',
    'parent_cycle',
    'site_far_from_rest'
];

-- One row per code, in any group or none, that an import since the day has
-- brought or changed, or of which it has brought a redemption.
create macro codes_of_imports_since(day) as table
with since as (
    select import_id
    from vouchers.imports
    where imported_at >= day::timestamp and undone_at is null
)

select group_name, code
from vouchers.codes
where import_id in (from since)
union all
select coalesce(group_name, ''), code
from vouchers.transactions
where import_id in (from since)
union all
select coalesce(group_name, ''), code
from vouchers.changes
where import_id in (from since);

-- One row, left out: the columns that the rows of checks may have.
create macro columns_of_checks() as table
select
    null::bigint as code_id,
    null::varchar as group_name,
    null::varchar as code,
    null::timestamp as time,
    null::varchar as site_ref,
    null::timestamp as second_time,
    null::varchar as second_site,
    null::timestamp as cancelled_time,
    null::varchar as cancelled_site,
    null::bigint as uses,
    null::varchar as campaign_id,
    null::timestamp as redemption_time,
    null::timestamp as first_redeemed,
    null::timestamp as first_cancelled,
    null::timestamp as exported_at,
    null::timestamp as start_date,
    null::timestamp as expiry_date,
    null::varchar as parent_code,
    null::varchar as near_code,
    null::varchar as near_group,
    null::varchar as differs,
    null::bigint as redemptions,
    null::bigint as cancellations,
    null::double as cancellation_rate,
    null::double as rate_of_all,
    null::varchar as folder,
    null::varchar as batch,
    null::varchar as prefix,
    null::varchar as transaction_id,
where false;

-- One row per code, redemption or site that the check finds; 'every' has the
-- rows of all, with the name of each in its column "check"; 'near_misses' has
-- those of 'unknown_code' and what the codes look like, which takes longer. A
-- day leaves only codes that imports since then were about, and every site.
-- DuckDB plans only the check that is named.
create macro check_rows(name, f, totals, minutes, limits, day) as table
with
    no_live_transaction as (from check_no_live_transaction(f)),
    codes_file_silent as (from check_codes_file_silent(f)),
    times_disagree as (from check_times_disagree(f)),
    unknown_code as (from check_unknown_code(f)),
    near_misses as (from near_misses(f)),
    used_twice as (from check_used_twice(f)),
    used_at_two_sites as (from check_used_at_two_sites(f)),
    used_within_minutes as (from check_used_within_minutes(f, minutes)),
    outside_dates as (from check_outside_dates(f, false)),
    outside_dates_in_campaign as (from check_outside_dates(f, true)),
    cancelled_then_elsewhere as (from check_cancelled_then_elsewhere(f)),
    last_day as (from check_last_day(f)),
    not_after_start as (from check_not_after_start(f)),
    parent_not_loaded as (from check_parent(f, 'not_loaded')),
    parent_not_redeemed as (from check_parent(f, 'not_redeemed')),
    parent_cancelled as (from check_parent(f, 'cancelled')),
    parent_cycle as (from check_parent_cycle(f)),
    site_far_from_rest as (from check_site_far_from_rest(totals, f, limits)),

    every as (
        select 'no_live_transaction' as "check", *,
        from no_live_transaction
        union all by name
        select 'codes_file_silent' as "check", *,
        from codes_file_silent
        union all by name
        select 'times_disagree' as "check", *,
        from times_disagree
        union all by name
        select 'unknown_code' as "check", *,
        from unknown_code
        union all by name
        select 'used_twice' as "check", *,
        from used_twice
        union all by name
        select 'used_at_two_sites' as "check", *,
        from used_at_two_sites
        union all by name
        select 'used_within_minutes' as "check", *,
        from used_within_minutes
        union all by name
        select 'outside_dates' as "check", *,
        from outside_dates
        union all by name
        select 'outside_dates_in_campaign' as "check", *,
        from outside_dates_in_campaign
        union all by name
        select 'cancelled_then_elsewhere' as "check", *,
        from cancelled_then_elsewhere
        union all by name
        select 'last_day' as "check", *,
        from last_day
        union all by name
        select 'not_after_start' as "check", *,
        from not_after_start
        union all by name
        select 'parent_not_loaded' as "check", *,
        from parent_not_loaded
        union all by name
        select 'parent_not_redeemed' as "check", *,
        from parent_not_redeemed
        union all by name
        select 'parent_cancelled' as "check", *,
        from parent_cancelled
        union all by name
        select 'parent_cycle' as "check", *,
        from parent_cycle
        union all by name
        select 'site_far_from_rest' as "check", *,
        from site_far_from_rest
    ),

    found as (
        from query_table(
            if(
                list_contains(['every', 'near_misses'], name)
                or list_contains(names_of_checks(), name),
                name,
                ''
            )
        )
    ),

    of_imports as (
        from found
        where
            code is null
            or (coalesce(group_name, ''), code) in (
                select (group_name, code)
                from codes_of_imports_since(day)
            )
    )

from columns_of_checks()
union all by name
from query_table(if(day is null, 'found', 'of_imports'));
