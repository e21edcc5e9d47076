-- What is worth a look: codes and redemptions that do not fit each other. f is
-- the struct that queries/filters.py makes. A check of codes is of the chosen
-- codes, judged by all of their redemptions; a check of redemptions names those
-- codes of which a redemption is chosen.

-- An expiry in the first two minutes of a month's end or of a Sunday, which
-- looks like the last day that was advertised.
create macro is_last_day(expiry) as
    hour(expiry) = 0
    and minute(expiry) <= 1
    and (last_day(expiry) = expiry::date or isodow(expiry) = 7);

create macro is_not_after_start(start, expiry) as expiry <= start;

-- One row per chosen code with a Redemption_Time whose transactions are all
-- cancelled. Without any transaction it has a scan, from the codes file.
create macro check_no_live_transaction(f) as table
from chosen_codes(f)
where redemption_time is not null and scans = 0;

-- One row per chosen code whose Redemption_Time is the minute of none of its
-- live transactions: the documented format has no seconds.
create macro check_times_disagree(f) as table
with
    candidates as (
        from chosen_codes(f)
        where
            scans > 0
            and date_trunc('minute', redemption_time)
            <> date_trunc('minute', first_redeemed)
    ),

    at_another_time as (
        select code_id, date_trunc('minute', time) as minute
        from vouchers.transactions
        where
            not cancelled
            and code_id in (select code_id from candidates where scans > 1)
    )

from candidates
anti join at_another_time
    on at_another_time.code_id = candidates.code_id
    and minute = date_trunc('minute', redemption_time);

-- One row per import of codes in force and one of the same scope that came
-- later, or is itself, as far as the store can tell a scope.
create macro imports_of_same_scope() as table
with scopes as (
    select
        import_id,
        exported_at,
        case
            when coalesce(folder, prefix, batch) is not null
                then [folder, prefix, batch]
            when only_group is not null
                then [null, null, undated(file), only_group]
        end as scope,
    from vouchers.imports
    where kind = 'codes' and undone_at is null
)

select
    first.import_id,
    later.import_id as later_id,
    later.exported_at,
from scopes as first
join scopes as later
    on later.import_id = first.import_id
    or (later.scope = first.scope and later.import_id > first.import_id);

-- One row per code of code_ids with the moment until which a codes file is
-- known to have said what the store has of it. That is the latest export among
-- the import that last changed the code, or brought it, and the later ones of
-- that scope, up to the first that lacked the code: the imports of one scope
-- record which codes are gone, so the others had it. A file of another scope
-- that had the same row leaves no trace: the moment may be too early, and never
-- is too late.
create macro codes_exported_at(codes) as table
with
    of_codes as (
        select code_id, group_name, code, import_id
        from vouchers.codes
        semi join query_table(codes) using (code_id)
    ),

    changed as (
        select group_name, code, max(import_id) as import_id
        from vouchers.changes
        semi join of_codes using (group_name, code)
        where
            change in ('changed', 'new dates', 'newly redeemed')
            and import_id in (
                select import_id
                from vouchers.imports
                where kind = 'codes'
            )
        group by all
    ),

    latest as (
        select
            code_id,
            group_name,
            code,
            greatest(of_codes.import_id, changed.import_id) as import_id,
        from of_codes
        left join changed using (group_name, code)
    ),

    gone as (
        select code_id, min(later_id) as gone_id
        from vouchers.changes
        join latest using (group_name, code)
        join imports_of_same_scope() as same
            on same.import_id = latest.import_id
            and same.later_id = changes.import_id
            and same.later_id > latest.import_id
        where change = 'gone'
        group by code_id
    ),

    whole as (
        select import_id, max(exported_at) as exported_at
        from imports_of_same_scope()
        group by import_id
    ),

    cut as (
        select code_id, max(exported_at) as exported_at
        from gone
        join latest using (code_id)
        join imports_of_same_scope() as same
            on same.import_id = latest.import_id
            and same.later_id < gone_id
        group by code_id
    )

select code_id, coalesce(cut.exported_at, whole.exported_at) as exported_at
from latest
join whole using (import_id)
left join cut using (code_id);

-- One row per code without a Redemption_Time of which a live redemption is
-- chosen that is older than the codes file: the first such redemption.
create macro check_codes_file_silent(f) as table
with
    silent as (
        from vouchers.codes
        where redemption_time is null and scans > 0
    ),

    redeemed as (
        select
            code_id,
            min(time) as time,
            arg_min(transaction_id, (time, transaction_id)) as transaction_id,
            arg_min(site_ref, (time, transaction_id)) as site_ref,
        from chosen_transactions(f)
        where
            not cancelled
            and code_id in (select code_id from silent)
            and time < (
                select max(exported_at)
                from vouchers.imports
                where kind = 'codes' and undone_at is null
            )
        group by code_id
    )

select silent.*, time, transaction_id, site_ref, exported_at,
from redeemed
join codes_exported_at('redeemed') using (code_id)
join silent using (code_id)
where exported_at > time;

-- One row per chosen redemption of a code that no codes file has brought.
create macro check_unknown_code(f) as table
from chosen_transactions(f)
where code_id is null;

-- One row per chosen redemption of an unknown code, with the stored code that
-- looks like it, if there is one: in its own group rather than in another, and
-- by the difference that is named first.
create macro near_misses(f) as table
with
    unknown as (
        select *, looks(code) as look,
        from check_unknown_code(f)
    ),

    near as (
        select distinct group_name, code, looks(code) as look,
        from seen_codes(f)
        where looks(code) in (select look from unknown)
    ),

    pairs as (
        select
            unknown.group_name,
            unknown.code,
            near.group_name as near_group,
            near.code as near_code,
            case
                when near.code = unknown.code then 'group'
                when upper(near.code) = upper(unknown.code) then 'case'
                when
                    upper(replace(near.code, ' ', ''))
                    = upper(replace(unknown.code, ' ', ''))
                    then 'blanks'
                else 'invisible signs'
            end as differs,
        from unknown
        join near using (look)
    ),

    nearest as (
        from pairs
        qualify
            row_number() over (
                partition by group_name, code
                order by
                    near_group is distinct from group_name,
                    list_position(
                        ['group', 'case', 'blanks', 'invisible signs'], differs
                    ),
                    near_group,
                    near_code
            ) = 1
    )

select unknown.* exclude (look), near_group, near_code, differs,
from unknown
left join nearest
    on nearest.code = unknown.code
    and nearest.group_name is not distinct from unknown.group_name;

-- One row per live redemption outside the dates of its code, in a campaign or
-- in none: a campaign may override them.
create macro check_outside_dates(f, in_campaign) as table
from chosen_transactions(f)
where
    not cancelled
    and (early_start is not null or late_expiry is not null)
    and (campaign_id is not null) = in_campaign;

-- One row per chosen code that expires on what looks like its last day.
create macro check_last_day(f) as table
from chosen_codes(f)
where is_last_day(expiry_date);

-- One row per chosen code that can never be redeemed.
create macro check_not_after_start(f) as table
from chosen_codes(f)
where is_not_after_start(start_date, expiry_date);
