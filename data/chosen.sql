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

-- One row per chosen code, with its status as of f['asof'].
create macro chosen_codes(f) as table
select
    *,
    status_of(
        f['asof'], first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    ) as status,
from vouchers.codes
where
    is_chosen(f['folder'], folder, '(no folder)')
    and is_chosen(f['group'], group_name, '(no group)')
    and is_chosen(f['batch'], batch, '(no batch)')
    and is_chosen(f['type'], redemption_type, '(no type)')
    and is_chosen(f['item'], item_code, '(no item)')
    and has_beginning(f['prefix'], code, prefix)
    and is_status(
        f['status'], f['asof'], first_deleted, first_redeemed, first_cancelled,
        expiry_date, start_date
    );

-- One row per chosen redemption, cancelled ones and those known only from a
-- codes file included. A status belongs to a stored code: without one, no
-- status chooses the row.
create macro chosen_transactions(f) as table
select *
from vouchers.transactions
where
    is_chosen(f['folder'], folder, '(no folder)')
    and is_chosen(f['group'], group_name, '(no group)')
    and is_chosen(f['batch'], batch, '(no batch)')
    and (
        f['type'] is null
        or (
            code_id is not null
            and is_chosen(f['type'], redemption_type, '(no type)')
        )
    )
    and (
        f['item'] is null
        or (
            code_id is not null
            and is_chosen(f['item'], item_code, '(no item)')
        )
    )
    -- Without a stored code a row has no prefix to lack, only a beginning.
    and has_beginning(f['prefix'], code, if(code_id is null, '', prefix))
    and is_campaign(f['campaign'], campaign_id, campaign_name)
    and is_chosen(f['site'], site_ref, '(no site)')
    and (f['cancelled'] is null or cancelled = f['cancelled'])
    and (f['from'] is null or time >= f['from'])
    and (f['until'] is null or time < f['until'])
    and (
        f['status'] is null
        or code_id in (
            -- said again, or every query would carry all codes along
            select code_id from chosen_codes(f) where f['status'] is not null
        )
    );

-- A time as Voucher Manager writes it. Its format stops at minutes; seconds
-- that a file had are not dropped.
create macro stamp_text(value) as
    if(
        second(value) = 0,
        strftime(value, '%d/%m/%Y %H:%M'),
        strftime(value, '%d/%m/%Y %H:%M:%S')
    );
