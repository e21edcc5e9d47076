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
            or len(
                list_filter(
                    choice,
                    lambda p: starts_with(first_code, p)
                    and starts_with(last_code, p)
                )
            ) > 0
        )
    );

-- Some of the codes from the first to the last may begin so, and others not.
create macro is_mixed(choice, first_code, last_code, prefix) as
    choice is not null
    and not coalesce(
        have_beginning(choice, first_code, last_code, prefix), false
    )
    and (
        (
            last_code >= choice[1]
            and (first_code < choice[1] or starts_with(first_code, choice[1]))
        )
        or (
            len(choice) > 1
            and len(
                list_filter(
                    choice,
                    lambda p: last_code >= p
                    and (first_code < p or starts_with(first_code, p))
                )
            ) > 0
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

-- One row per redemption that is chosen but for its code's status.
create macro transactions_of_any_status(f) as table
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

-- Totals of the chosen rows. Where the kept totals (schema.sql) can answer,
-- f['kept'] says so and they do; otherwise the rows are counted one by one.

create macro total(amount) as coalesce(sum(amount), 0)::bigint;

create macro next_midnight(moment) as
    if(
        moment = date_trunc('day', moment)::timestamp,
        moment,
        date_trunc('day', moment)::timestamp + interval 1 day
    );

-- A day of the kept totals as a moment to be judged.
create macro by_day(moment, day) as
    if(day <= next_midnight(moment), moment, null);

create macro begins_like_a_formula(text) as
    coalesce(text[1] in ('=', '+', '-', '@'), false);

create macro is_like_a_formula(code, name) as
    (begins_like_a_formula(code) or begins_like_a_formula(name))::int;

create macro code_bytes(code, group_name, type, item, parent) as
    strlen(code) + strlen(group_name) + 60
    + coalesce(strlen(type) + strlen(item), 0)
    + coalesce(strlen(parent), 0);

create macro redemption_bytes(id, code, group_name, site, campaign, name) as
    coalesce(strlen(id), 0) + strlen(code) + 40
    + coalesce(strlen(group_name), 0) + coalesce(strlen(site), 0)
    + coalesce(strlen(campaign) + strlen(name), 0);

create macro units_of(cancelled, type, quantity) as
    if(not cancelled and type = 'Item', coalesce(quantity, 0), 0);

create macro units_unknown_of(cancelled, is_known, type, quantity) as
    if(
        not cancelled
        and (not is_known or (type = 'Item' and quantity is null)),
        1,
        0
    );

-- Whether the kept totals know which codes have the chosen status and prefix.
-- They know the days of redemptions: the chosen moment must not part a day
-- that has any.
-- One row.
create macro kept_totals_suffice(f) as table
select
    not exists (
        from vouchers.transactions
        where time > f['asof'] and time <= next_midnight(f['asof'])
    )
    and not exists (
        from vouchers.code_totals
        where is_mixed(f['prefix'], first_code, last_code, prefix)
    )
    and not exists (
        from vouchers.redemption_totals
        where is_mixed(
            f['prefix'], first_code, last_code, if(is_known, prefix, '')
        )
    )
    and not exists (
        from vouchers.site_totals
        where is_mixed(
            f['prefix'], first_code, last_code, if(is_known, prefix, '')
        )
    ) as suffice;

-- One row per kind of chosen code, with their number, and their status as of
-- f['asof'].
create macro chosen_code_totals(f) as table
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    start_date,
    expiry_date,
    redeemed_day,
    cancelled_day,
    deleted_day,
    import_id,
    codes,
    bytes,
    formula_like,
    status_of(
        f['asof'], by_day(f['asof'], deleted_day),
        by_day(f['asof'], redeemed_day), by_day(f['asof'], cancelled_day),
        expiry_date, start_date
    ) as status,
from vouchers.code_totals
where
    f['kept']
    and is_chosen(f['folder'], folder, '(no folder)')
    and is_chosen(f['group'], group_name, '(no group)')
    and is_chosen(f['batch'], batch, '(no batch)')
    and is_chosen(f['type'], redemption_type, '(no type)')
    and is_chosen(f['item'], item_code, '(no item)')
    and have_beginning(f['prefix'], first_code, last_code, prefix)
    and is_status(
        f['status'], f['asof'], by_day(f['asof'], deleted_day),
        by_day(f['asof'], redeemed_day), by_day(f['asof'], cancelled_day),
        expiry_date, start_date
    )
union all
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    start_date,
    expiry_date,
    next_midnight(first_redeemed) as redeemed_day,
    next_midnight(first_cancelled) as cancelled_day,
    next_midnight(first_deleted) as deleted_day,
    import_id,
    1 as codes,
    code_bytes(
        code, group_name, redemption_type, item_code, parent_code
    ) as bytes,
    is_like_a_formula(code, group_name) as formula_like,
    status,
from chosen_codes(f)
where not f['kept'];

-- One row per kind and hour of chosen redemptions, with their number.
-- redeemed_codes: how many of them are the first of their code in the chosen
-- period. Where the choice may leave out a code's first ones, each row has its
-- code in code_once instead: count these distinct, and add both.
create macro chosen_redemption_totals(f) as table
select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
    if(
        cancelled or not is_known or code_once is not null
        or previous_day >= coalesce(f['from'], timestamp '0001-01-01'),
        0,
        redemptions
    ) as redeemed_codes,
from (
    select
        group_name,
        batch,
        campaign_id,
        campaign_name,
        cancelled,
        from_codes_file,
        is_known,
        hour,
        previous_day,
        redemptions,
        units,
        units_unknown,
        bytes,
        formula_like,
        null::bigint as code_once,
    from vouchers.redemption_totals
    where
        f['kept']
        and f['site'] is null
        and f['campaign'] is null
        and f['status'] is null
        and is_chosen(f['folder'], folder, '(no folder)')
        and is_chosen(f['group'], group_name, '(no group)')
        and is_chosen(f['batch'], batch, '(no batch)')
        and (
            f['type'] is null
            or (is_known and is_chosen(f['type'], redemption_type, '(no type)'))
        )
        and (
            f['item'] is null
            or (is_known and is_chosen(f['item'], item_code, '(no item)'))
        )
        and have_beginning(
            f['prefix'], first_code, last_code, if(is_known, prefix, '')
        )
        and (f['cancelled'] is null or cancelled = f['cancelled'])
        and (f['from'] is null or hour >= f['from'])
        and (f['until'] is null or hour < f['until'])
    union all
    select
        group_name,
        batch,
        campaign_id,
        campaign_name,
        cancelled,
        from_codes_file,
        code_id is not null as is_known,
        date_trunc('hour', time)::timestamp as hour,
        date_trunc('day', previous_time)::timestamp as previous_day,
        1 as redemptions,
        units_of(cancelled, redemption_type, redemption_quantity) as units,
        units_unknown_of(
            cancelled, code_id is not null, redemption_type, redemption_quantity
        ) as units_unknown,
        redemption_bytes(
            transaction_id, code, group_name, site_ref, campaign_id,
            campaign_name
        ) as bytes,
        is_like_a_formula(code, campaign_name) as formula_like,
        if(
            cancelled or (f['site'] is null and f['campaign'] is null),
            null,
            code_id
        ) as code_once,
    from chosen_transactions(f)
    where
        not f['kept']
        or f['site'] is not null
        or f['campaign'] is not null
        or f['status'] is not null
);

-- One row per site and kind of chosen redemptions, with their number.
create macro chosen_site_totals(f) as table
select
    *,
    if(cancelled, 0, redemptions) as net,
    if(cancelled, redemptions, 0) as cancellations,
from (
    select site_ref, campaign_id, campaign_name, cancelled, redemptions
    from vouchers.site_totals
    where
        f['kept']
        and f['status'] is null
        and f['from'] is null
        and f['until'] is null
        and is_chosen(f['folder'], folder, '(no folder)')
        and is_chosen(f['group'], group_name, '(no group)')
        and is_chosen(f['batch'], batch, '(no batch)')
        and (
            f['type'] is null
            or (is_known and is_chosen(f['type'], redemption_type, '(no type)'))
        )
        and (
            f['item'] is null
            or (is_known and is_chosen(f['item'], item_code, '(no item)'))
        )
        and have_beginning(
            f['prefix'], first_code, last_code, if(is_known, prefix, '')
        )
        and is_campaign(f['campaign'], campaign_id, campaign_name)
        and is_chosen(f['site'], site_ref, '(no site)')
        and (f['cancelled'] is null or cancelled = f['cancelled'])
    union all
    select site_ref, campaign_id, campaign_name, cancelled, 1 as redemptions
    from chosen_transactions(f)
    where
        not f['kept']
        or f['status'] is not null
        or f['from'] is not null
        or f['until'] is not null
);

-- A time as Voucher Manager writes it. Its format stops at minutes; seconds
-- that a file had are not dropped.
create macro stamp_text(value) as
    if(
        second(value) = 0,
        strftime(value, '%d/%m/%Y %H:%M'),
        strftime(value, '%d/%m/%Y %H:%M:%S')
    );
