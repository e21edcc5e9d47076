-- The chosen rows, by the conditions of conditions.sql, and what is counted of
-- them.

-- The codes of a list that is not known here. f['listed'] names this table, or
-- that of a known list (queries/engine/listed.py), as long as one is in force.
-- One row per code: none.
create table no_list (code varchar);

-- A text without blanks around it, whatever the case of its letters.
create macro folded(text) as lower(upper(trim(text)));

create macro total(amount) as coalesce(sum(amount), 0)::bigint;

create macro next_midnight(moment) as
    if(
        moment = date_trunc('day', moment)::timestamp,
        moment,
        date_trunc('day', moment)::timestamp + interval 1 day
    );

-- Whole days from one moment to another, negative where that is earlier.
create macro age_of(start, moment) as
    floor(epoch(moment - start) / 86400)::bigint;

create macro starts_a_formula(text) as
    coalesce(left(text, 1) in ('=', '+', '-', '@'), false);

create macro is_like_a_formula(code, name) as
    (starts_a_formula(code) or starts_a_formula(name))::int;

-- One row per code, with the columns that totals group by and add up.
create macro code_rows() as table
select
    *,
    next_midnight(first_redeemed) as redeemed_day,
    next_midnight(first_cancelled) as cancelled_day,
    next_midnight(first_deleted) as deleted_day,
    age_of(start_date, first_redeemed) as redeemed_age,
    strlen(code) + strlen(group_name) + 60
    + coalesce(strlen(redemption_type) + strlen(item_code), 0)
    + coalesce(strlen(parent_code), 0) as bytes,
    is_like_a_formula(code, group_name) as formula_like,
from vouchers.codes;

-- One row per redemption, with the columns that totals group by and add up.
create macro redemption_rows() as table
select
    *,
    code_id is not null as is_known,
    date_trunc('hour', time)::timestamp as hour,
    date_trunc('day', previous_time)::timestamp as previous_day,
    if(time < start_date, start_date, null) as early_start,
    if(time >= expiry_date, expiry_date, null) as late_expiry,
    if(
        not cancelled and redemption_type = 'Item',
        coalesce(redemption_quantity, 0),
        0
    ) as units,
    if(
        not cancelled
        and (
            code_id is null
            or (redemption_type = 'Item' and redemption_quantity is null)
        ),
        1,
        0
    ) as units_unknown,
    coalesce(strlen(transaction_id), 0) + strlen(code) + 40
    + coalesce(strlen(group_name), 0) + coalesce(strlen(site_ref), 0)
    + coalesce(strlen(campaign_id) + strlen(campaign_name), 0) as bytes,
    is_like_a_formula(code, campaign_name) as formula_like,
from vouchers.transactions;

-- One row per code with a Redemption_Time: the redemption that the codes file
-- reports. It counts for as long as the code has no transaction.
create macro redemptions_of_codes_files() as table
select
    redemption_time as time,
    code,
    group_name,
    false as cancelled,
    false as code_deleted,
    import_id,
    true as from_codes_file,
    code_id,
    folder,
    prefix,
    batch,
    redemption_type,
    redemption_quantity,
    item_code,
    start_date,
    expiry_date,
from vouchers.codes
where redemption_time is not null;

-- One row per chosen code. Each condition takes a query time to plan, also one
-- that is null: what few filters have is planned where f['narrows'] says so.
create macro chosen_codes(f) as table
with
    chosen as (
        from code_rows()
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code, true
            )
            and has_prefix(f['prefix'], code, prefix)
            and is_status(
                f['status'], f['asof'], first_deleted, first_redeemed,
                first_cancelled, expiry_date, start_date
            )
    ),

    narrowed as (
        from chosen
        where
            is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code, true
            )
            and lacks_prefix(f['prefix!'], code, prefix)
            and has_chosen_dates(f, start_date, expiry_date)
            and is_kept(
                f['status!'],
                status_of(
                    f['asof'], first_deleted, first_redeemed, first_cancelled,
                    expiry_date, start_date
                ),
                null
            )
    ),

    listed as (
        from narrowed
        where code in (select code from query_table(f['listed']))
    ),

    -- A part for those without a list: looking up each row in an empty one
    -- takes as long as all the rest.
    rows_of_list as (
        select
            *,
            code in (select code from query_table(f['listed'])) as is_listed,
        from code_rows()
    ),

    all_rows as (
        select *, true as is_listed,
        from code_rows()
    ),

    others as (
        select * exclude (is_listed),
        from query_table(if(f['listed'] is null, 'all_rows', 'rows_of_list'))
        where
            is_other_kind(
                f, folder, group_name, batch, redemption_type, item_code, true,
                start_date, expiry_date,
                has_prefix(f['prefix'], code, prefix)
                and lacks_prefix(f['prefix!'], code, prefix)
                and has_chosen_status(
                    f, first_deleted, first_redeemed, first_cancelled,
                    expiry_date, start_date
                )
                and is_listed
            )
    )

-- DuckDB plans only the one that is named.
from query_table(branch_of(f));

-- One row per chosen code, with its status as of the moment. A query passes
-- $asof, the same as f['asof'], so that its parameters show that its result
-- depends on the moment.
create macro judged_codes(moment, f) as table
select
    *,
    status_of(
        moment, first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    ) as status,
from chosen_codes(f);

-- One row per redemption that all filters but the status choose; of everything
-- else, which they and the status do not choose, those of stored codes are
-- left to chosen_transactions where a status is in force. Its dates are those
-- of its code: without a stored one, no range chooses it.
create macro transactions_of_any_status(f) as table
with
    chosen as (
        from redemption_rows()
        where
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            -- A row without a stored code is not one of '(no prefix)', but its
            -- code may start with a chosen prefix.
            and has_prefix(f['prefix'], code, if(is_known, prefix, ''))
            and is_campaign(f['campaign'], campaign_id, campaign_name)
            and is_chosen(f['site'], site_ref, '(no site)')
            and (f['cancelled'] is null or cancelled = f['cancelled'])
            and is_between(f['from'], f['until'], time)
    ),

    narrowed as (
        from chosen
        where
            is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and lacks_prefix(f['prefix!'], code, if(is_known, prefix, ''))
            and is_kept_visit(f, campaign_id, campaign_name, site_ref)
            and has_chosen_dates(f, start_date, expiry_date)
    ),

    listed as (
        from narrowed
        where code in (select code from query_table(f['listed']))
    ),

    rows_of_list as (
        select
            *,
            code in (select code from query_table(f['listed'])) as is_listed,
        from redemption_rows()
    ),

    all_rows as (
        select *, true as is_listed,
        from redemption_rows()
    ),

    others as (
        select * exclude (is_listed),
        from query_table(if(f['listed'] is null, 'all_rows', 'rows_of_list'))
        where
            is_other_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known, start_date, expiry_date,
                has_prefix(f['prefix'], code, if(is_known, prefix, ''))
                and lacks_prefix(
                    f['prefix!'], code, if(is_known, prefix, '')
                )
                and f['status'] is null
                and (f['status!'] is null or not is_known)
                and is_listed
            )
            and is_visit_of_rest(
                f, campaign_id, campaign_name, site_ref, cancelled
            )
            and is_between(f['from'], f['until'], time)
    )

from query_table(branch_of(f));

-- One row per chosen redemption, cancelled ones and those known only from a
-- codes file included. A status belongs to a stored code: without one, no
-- status chooses the row, and an excluded one keeps it.
-- Everything else has what neither of the two has.
create macro chosen_transactions(f) as table
with
    of_any_status as (
        from transactions_of_any_status(f)
    ),

    -- A redemption makes its code redeemed, unless that is deleted: so the
    -- code itself is looked up only for those that are cancelled, and for any
    -- that came after the moment, as an import may bring meanwhile.
    deleted as (
        select code_id
        from vouchers.codes
        where
            first_deleted <= f['asof']
            and is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code, true
            )
    ),

    once_cancelled as (
        select code_id
        from vouchers.codes
        where
            first_cancelled is not null
            and is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code, true
            )
            and has_chosen_status(
                f, first_deleted, first_redeemed, first_cancelled,
                expiry_date, start_date
            )
    ),

    redeemed_later as (
        select code_id
        from vouchers.codes
        where
            code_id in (
                select code_id
                from vouchers.transactions
                where not cancelled and time > f['asof']
            )
            and has_chosen_status(
                f, first_deleted, first_redeemed, first_cancelled,
                expiry_date, start_date
            )
    ),

    of_chosen_status as (
        from transactions_of_any_status(f)
        where
            has_status(f, 'redeemed')
            and is_known
            and not cancelled
            and time <= f['asof']
            and code_id not in (from deleted)
        union all
        from transactions_of_any_status(f)
        where
            has_status(f, 'deleted')
            and not cancelled
            and time <= f['asof']
            and code_id in (from deleted)
        union all
        from transactions_of_any_status(f)
        where
            not cancelled
            and time > f['asof']
            and code_id in (from redeemed_later)
        union all
        from transactions_of_any_status(f)
        where cancelled and code_id in (from once_cancelled)
    ),

    of_kept_status as (
        from of_chosen_status
        union all
        from transactions_of_any_status(f)
        where code_id is null
    ),

    of_chosen_codes as (
        from transactions_of_any_status(f)
        where code_id in (select code_id from chosen_codes(f))
    ),

    of_kept_codes as (
        from of_chosen_codes
        union all
        from transactions_of_any_status(f)
        where code_id is null
    )

-- DuckDB plans only the one that is named. Where the status is judged as of an
-- earlier moment, most redemptions may have come later; and of everything else
-- not all redemptions of a chosen code are chosen: then codes are looked up.
from query_table(
    case
        when f['status'] is null and f['status!'] is null then 'of_any_status'
        when f['rest'] is not null then 'of_kept_codes'
        when f['asof'] >= f['data_until']
            then if(f['status'] is null, 'of_kept_status', 'of_chosen_status')
        else if(f['status'] is null, 'of_kept_codes', 'of_chosen_codes')
    end
);

-- Whether a code begins as one of the starts, three characters long, or one of
-- the shorter ones, or is one of the points. The raw texts, in each case: they
-- are compared sooner than they are folded. A blank may stand before anything.
create macro begins_so(code, starts, short, points) as
    list_contains(starts, left(code, 3))
    or (
        len(short) > 0
        and len(list_filter(short, lambda s: starts_with(code, s))) > 0
    )
    or list_contains(points, code)
    or code < '!';

-- One row per code that is chosen itself or by a redemption, folded, of those
-- that begin so.
create macro folded_codes(f, starts, short, points) as table
select folded(code) as code
from chosen_codes(f)
where begins_so(code, starts, short, points)
union all
select folded(code)
from chosen_transactions(f)
where not is_known and begins_so(code, starts, short, points);
