-- What "chosen" means of one row, once for tiles, charts, tables and files: the
-- conditions of filters. f is the struct that queries/filters.py makes; a null
-- in it chooses everything. f['group'] works inside a table macro, f.group does
-- not.

create macro is_chosen(choice, value, missing) as
    choice is null
    or list_contains(choice, value)
    or (value is null and list_contains(choice, missing));

-- Whether none of the excluded values is the row's; a null excludes nothing.
create macro is_kept(excluded, value, missing) as
    excluded is null
    or not list_contains(excluded, coalesce(value, missing));

-- A known prefix or any typed one. The first of several is compared apart,
-- because a scan takes it over ten times faster than the list.
create macro has_prefix(choice, code, prefix) as
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

-- What has none of the excluded prefixes, as has_prefix has it.
create macro lacks_prefix(excluded, code, prefix) as
    excluded is null
    or not coalesce(has_prefix(excluded, code, prefix), false);

-- What tells campaigns apart: the ID, and the name only of one without an ID.
-- Another campaign's name may be the same text.
create macro campaign_of(id, name) as coalesce(id, name, '(no campaign)');

create macro is_campaign(choice, id, name) as
    choice is null or list_contains(choice, campaign_of(id, name));

create macro is_kept_visit(f, id, name, site_ref) as
    is_kept(f['campaign!'], campaign_of(id, name), null)
    and is_kept(f['site!'], site_ref, '(no site)');

-- Whether the campaign or the site decides which redemptions are chosen. A code
-- may have some of both sorts.
create macro parts_codes(f) as
    f['site'] is not null
    or f['site!'] is not null
    or f['campaign'] is not null
    or f['campaign!'] is not null;

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

-- Whether a status is chosen and not excluded.
create macro has_chosen_status(
    f, deleted, redeemed, cancelled, expiry, start
) as
    is_status(
        f['status'], f['asof'], deleted, redeemed, cancelled, expiry, start
    )
    and is_kept(
        f['status!'],
        status_of(f['asof'], deleted, redeemed, cancelled, expiry, start),
        null
    );

-- Whether this status is chosen and not excluded.
create macro has_status(f, status) as
    is_chosen(f['status'], status, null)
    and is_kept(f['status!'], status, null);

-- The part of a macro that chooses rows: each condition takes a query time to
-- plan, also one that is null, and DuckDB plans only the part that is named.
create macro branch_of(f) as
    case
        when f['rest'] is not null then 'others'
        when f['listed'] is not null then 'listed'
        when f['narrows'] then 'narrowed'
        else 'chosen'
    end;

-- What has no moment lies in no range. The end is exclusive.
create macro is_between(first, until, moment) as
    (first is null or moment >= first) and (until is null or moment < until);

-- Whether the dates of a code are in the chosen ranges.
create macro has_chosen_dates(f, start, expiry) as
    is_between(f['start_from'], f['start_until'], start)
    and is_between(f['expiry_from'], f['expiry_until'], expiry);

-- Whether the dates of a code have a part of the chosen period: it started
-- before its end and had not expired when it starts.
create macro is_live_by_dates(f, start, expiry) as
    coalesce(start < f['live_until'], true)
    and coalesce(expiry > f['from'], true);

create macro chooses_dates(f) as
    f['start_from'] is not null
    or f['start_until'] is not null
    or f['expiry_from'] is not null
    or f['expiry_until'] is not null;

-- Whether a row is of a chosen kind, by the columns of its code. is_known: the
-- code is stored. Not is_chosen_kind(f, r): with a row as argument a query
-- takes 1.2 ms longer to plan.
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

-- The same of what is excluded.
create macro is_kept_kind(
    f, folder, group_name, batch, redemption_type, item_code, is_known
) as
    is_kept(f['folder!'], folder, '(no folder)')
    and is_kept(f['group!'], group_name, '(no group)')
    and is_kept(f['batch!'], batch, '(no batch)')
    and (
        not is_known
        or (
            is_kept(f['type!'], redemption_type, '(no type)')
            and is_kept(f['item!'], item_code, '(no item)')
        )
    );

-- What "Find a code" finds: the code itself, or those with the text in them.
-- Of masked codes only the code itself: a part would uncover the next one.
create macro is_sought(f, search, whole, code) as
    search is null
    or if(
        whole or f['masked'],
        code = search,
        contains(lower(code), lower(search))
    );

-- A name with the text in it, however either was composed.
create macro has_text(search, name) as
    search is null
    or contains(lower(nfc_normalize(name)), lower(nfc_normalize(search)));
