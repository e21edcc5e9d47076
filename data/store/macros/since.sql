-- What imports brought and changed since a day, or since an import.

-- The headings, in the order in which they are shown.
create macro headings_since() as [
    'new codes',
    'newly redeemed',
    'newly cancelled',
    'changed dates',
    'gone',
    'changed otherwise'
];

-- The Monday of the week in which the newest import in force was made: whoever
-- has imported this morning sees it, and whoever opens the app before importing
-- sees the week of the last import. Never the Monday of the computer's clock.
create macro monday_of_imports() as (
    select date_trunc('week', max(imported_at))::timestamp
    from vouchers.imports
    where undone_at is null
);

-- One row per import in force that was made on the day or later, and that is
-- the first one or came after it. Without either: since monday_of_imports().
-- By the time of the import and not of the export: it is when the store, and
-- with it every number, changed.
create macro imports_since(day, first) as table
select *
from vouchers.imports
where
    undone_at is null
    and (first is null or import_id >= first)
    and (
        imported_at >= day::timestamp
        or (
            day is null
            and (first is not null or imported_at >= monday_of_imports())
        )
    );

-- One row per stored code that these imports changed, or brought redemptions
-- of, with what they did. is_gone: an export lacked it, and none held it later.
create macro touched_codes(day, first) as table
with
    these as materialized (
        select import_id
        from imports_since(day, first)
    ),

    touched as (
        select codes.code_id, changes.change, changes.import_id
        from vouchers.changes
        join vouchers.codes using (group_name, code)
        where changes.import_id in (from these)
        union all
        select
            code_id,
            if(cancelled, 'newly cancelled', 'redeemed') as change,
            import_id,
        from vouchers.transactions
        where
            import_id in (from these)
            and code_id is not null
            and not from_codes_file
    )

select
    code_id,
    coalesce(
        arg_max(change, import_id) filter (change in ('gone', 'back')) = 'gone',
        false
    ) as is_gone,
    bool_or(change = 'newly cancelled') as has_cancellation,
    bool_or(change = 'newly redeemed') as was_redeemed,
    bool_or(change = 'new dates') as has_new_dates,
from touched
group by code_id;

-- The heading of a touched or new code, the first that applies: gone, whatever
-- else it is; new codes, also those that are redeemed already; newly cancelled:
-- a redemption of it was cancelled, or came cancelled, and none is live now;
-- newly redeemed: it had no live redemption, and has one now; changed dates;
-- changed otherwise.
create macro heading_since(
    is_gone, is_new, has_cancellation, was_redeemed, has_new_dates, live_since
) as
    case
        when is_gone then 'gone'
        when is_new then 'new codes'
        when has_cancellation and live_since is null then 'newly cancelled'
        when was_redeemed and live_since is not null then 'newly redeemed'
        when has_new_dates then 'changed dates'
        else 'changed otherwise'
    end;

-- One row per chosen code that these imports touched (is_touched) or brought
-- (is_new), with its heading.
create macro codes_since(f, day, first) as table
with marked as (
    select
        chosen.*,
        touched.* exclude (code_id),
        touched.code_id is not null as is_touched,
        recent.import_id is not null as is_new,
    from chosen_codes(f) as chosen
    left join imports_since(day, first) as recent
        on recent.import_id = chosen.import_id
    left join touched_codes(day, first) as touched
        on touched.code_id = chosen.code_id
)

select
    * exclude (is_gone, has_cancellation, was_redeemed, has_new_dates),
    heading_since(
        is_gone, is_new, has_cancellation, was_redeemed, has_new_dates,
        first_redeemed
    ) as change,
from marked
where is_touched or is_new;

-- One row per code under a heading, in the order of the store: the file of it.
create macro since_file(f, day, first, heading) as table
select
    change as "Change",
    group_name as "Group_Name",
    shown_code(f, code, prefix) as "Code",
    batch as "Batch",
    folder as "Folder",
    status_of(
        f['asof'], first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    ) as "Status",
    start_date as "Start_Date",
    expiry_date as "Expiry_Date",
    first_redeemed as "First_Redemption",
    first_cancelled as "First_Cancelled",
from codes_since(f, day, first)
where change = heading;
