-- What is known of the codes of a list, list_lines: of the stored ones,
-- list_stored, and of those that only chosen redemptions name.
-- One row per code of the list that is known, whatever its number of groups.
with
    uses as (
        select
            code_id,
            min(time) as redeemed_at,
            arg_min_null(site_ref, (time, transaction_id)) as site,
        from redemption_rows()
        where
            not cancelled
            and time <= $asof
            and code_id in (select code_id from list_stored)
        group by code_id
    ),

    known as (
        select code, group_name, status, redeemed_at, site
        from list_stored
        left join uses using (code_id)
        union all
        select code, group_name, status, redeemed_at, site
        from codes_of_redemptions($asof, $filters)
        where code in (select code from list_lines)
    ),

    grouped as (
        select
            code,
            arg_min(
                verdict_of(status), place_of_verdict(verdict_of(status))
            ) as verdict,
            min(redeemed_at) as redeemed_at,
            arg_min_null(site, redeemed_at) as site,
            min(group_name) as first_group,
            max(group_name) as last_group,
        from known
        group by code
    ),

    -- A list of names takes long, and few codes have several.
    names as (
        select code, list(distinct group_name order by group_name) as names
        from known
        where
            code in (select code from grouped where first_group < last_group)
        group by code
    )

select
    code,
    verdict,
    coalesce(in_a_sentence(names), first_group) as group_name,
    redeemed_at,
    site,
    first_group,
from grouped
left join names using (code)
