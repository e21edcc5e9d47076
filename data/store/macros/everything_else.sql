-- Everything else: what the filters do not choose, where f['rest'] says so.

-- Whether the filters of codes do not choose a row. has_chosen: whether it has
-- a chosen prefix and status, and a stored code has none of its own where the
-- filters want one. What a person does not see is no part of it. Where
-- f['rest'] is 'redemptions', no filter of codes is in force.
create macro is_other_kind(
    f, folder, group_name, batch, redemption_type, item_code, is_known,
    start, expiry, has_chosen
) as
    is_seen(f, folder, group_name)
    and (
        f['rest'] = 'redemptions'
        or not coalesce(
            is_chosen_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and is_kept_kind(
                f, folder, group_name, batch, redemption_type, item_code,
                is_known
            )
            and has_chosen_dates(f, start, expiry)
            and has_chosen,
            false
        )
    );

-- Whether a redemption is a part of it by filters of redemptions,
-- which choose as they do otherwise, unless they are what is turned round.
create macro is_visit_of_rest(f, id, name, site_ref, cancelled) as
    (f['rest'] = 'redemptions') != coalesce(
        is_campaign(f['campaign'], id, name)
        and is_chosen(f['site'], site_ref, '(no site)')
        and (f['cancelled'] is null or cancelled = f['cancelled'])
        and is_kept_visit(f, id, name, site_ref),
        false
    );
