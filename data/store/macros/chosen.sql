-- What "chosen" means, once for tiles, charts, tables and files. f is the
-- struct that queries/filters.py makes; a null in it chooses everything.
-- f['groups'] works inside a table macro, f.groups does not.

create macro is_chosen(choice, value, missing) as
    choice is null
    or list_contains(choice, value)
    or (value is null and list_contains(choice, missing));

-- A known prefix or any typed beginning. The first of several is compared
-- apart, because a scan takes it over ten times faster than the list.
create macro has_beginning(choice, code, prefix) as
    choice is null
    or starts_with(code, choice[1])
    or prefix = choice[1]
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or len(list_filter(choice, lambda p: starts_with(code, p))) > 0
        )
    );

-- Whether some of the codes from the first to the last may begin like one of
-- the choice. Cheap, and false for most: it spares a look at each beginning.
create macro is_near(choice, first_code, last_code) as
    last_code >= list_min(choice)
    and left(first_code, 1) <= left(list_max(choice), 1);

-- The same for all codes from the first to the last at once.
create macro have_beginning(choice, first_code, last_code, prefix) as
    choice is null
    or prefix = choice[1]
    or (starts_with(first_code, choice[1]) and starts_with(last_code, choice[1]))
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: starts_with(first_code, p)
                        and starts_with(last_code, p)
                    )
                ) > 0
            )
        )
    );

-- Some of the codes from the first to the last may begin so.
create macro may_begin(choice, first_code, last_code, prefix) as
    prefix = choice[1]
    or (
        last_code >= choice[1]
        and (first_code < choice[1] or starts_with(first_code, choice[1]))
    )
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: last_code >= p
                        and (first_code < p or starts_with(first_code, p))
                    )
                ) > 0
            )
        )
    );

-- Nobody's campaign has one name for its ID: both choose it.
create macro is_campaign(choice, id, name) as
    choice is null
    or list_contains(choice, id)
    or list_contains(choice, name)
    or (id is null and name is null and list_contains(choice, '(no campaign)'));

create macro status_of(moment, deleted, redeemed, cancelled, expiry, start) as
    case
        when deleted <= moment then 'deleted'
        when redeemed <= moment then 'redeemed'
        when cancelled <= moment then 'cancelled'
        when expiry <= moment then 'expired'
        when start > moment then 'scheduled'
        else 'active'
    end;

create macro is_status(
    choice, moment, deleted, redeemed, cancelled, expiry, start
) as
    choice is null
    or list_contains(
        choice, status_of(moment, deleted, redeemed, cancelled, expiry, start)
    );

-- The kind of a row, by what its code is: is_known says that there is one.
create macro is_chosen_kind(
    f, folder, group_name, batch, redemption_type, item_code, is_known
) as
    is_chosen(f['folder'], folder, '(no folder)')
    and is_chosen(f['group'], group_name, '(no group)')
    and is_chosen(f['batch'], batch, '(no batch)')
    and (
        f['type'] is null
        or (is_known and is_chosen(f['type'], redemption_type, '(no type)'))
    )
    and (
        f['item'] is null
        or (is_known and is_chosen(f['item'], item_code, '(no item)'))
    );

create macro total(amount) as coalesce(sum(amount), 0)::bigint;

create macro next_midnight(moment) as
    if(
        moment = date_trunc('day', moment)::timestamp,
        moment,
        date_trunc('day', moment)::timestamp + interval 1 day
    );

create macro begins_like_a_formula(text) as
    coalesce(text[1] in ('=', '+', '-', '@'), false);

create macro is_like_a_formula(code, name) as
    (begins_like_a_formula(code) or begins_like_a_formula(name))::int;

-- One row per code, with what totals tell codes apart by and add up.
create macro code_rows() as table
select
    *,
    next_midnight(first_redeemed) as redeemed_day,
    next_midnight(first_cancelled) as cancelled_day,
    next_midnight(first_deleted) as deleted_day,
    strlen(code) + strlen(group_name) + 60
    + coalesce(strlen(redemption_type) + strlen(item_code), 0)
    + coalesce(strlen(parent_code), 0) as bytes,
    is_like_a_formula(code, group_name) as formula_like,
from vouchers.codes;

-- One row per redemption, with what totals tell them apart by and add up.
create macro redemption_rows() as table
select
    *,
    code_id is not null as is_known,
    date_trunc('hour', time)::timestamp as hour,
    date_trunc('day', previous_time)::timestamp as previous_day,
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

-- One row per chosen code, with its status as of f['asof'].
create macro chosen_codes(f) as table
select
    *,
    status_of(
        f['asof'], first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    ) as status,
from code_rows()
where
    is_chosen_kind(
        f, folder, group_name, batch, redemption_type, item_code, true
    )
    and has_beginning(f['prefix'], code, prefix)
    and is_status(
        f['status'], f['asof'], first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    );

-- One row per redemption that is chosen but for its code's status.
create macro transactions_of_any_status(f) as table
from redemption_rows()
where
    is_chosen_kind(
        f, folder, group_name, batch, redemption_type, item_code,
        code_id is not null
    )
    -- Without a stored code a row has no prefix to lack, only a beginning.
    and has_beginning(f['prefix'], code, if(code_id is null, '', prefix))
    and is_campaign(f['campaign'], campaign_id, campaign_name)
    and is_chosen(f['site'], site_ref, '(no site)')
    and (f['cancelled'] is null or cancelled = f['cancelled'])
    and (f['from'] is null or time >= f['from'])
    and (f['until'] is null or time < f['until']);

-- One row per chosen redemption, cancelled ones and those known only from a
-- codes file included. A status belongs to a stored code: without one, no
-- status chooses the row.
create macro chosen_transactions(f) as table
from transactions_of_any_status(f)
where f['status'] is null
union all
from transactions_of_any_status(f)
where
    f['status'] is not null
    and code_id in (
        -- said again, or every query would carry all codes along
        select code_id from chosen_codes(f) where f['status'] is not null
    );

-- A time as Voucher Manager writes it. Its format stops at minutes; seconds
-- that a file had are not dropped.
create macro stamp_text(value) as
    if(
        second(value) = 0,
        strftime(value, '%d/%m/%Y %H:%M'),
        strftime(value, '%d/%m/%Y %H:%M:%S')
    );
