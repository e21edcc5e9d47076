-- What is known of the codes of a list, list_lines: of the chosen codes, and of
-- those that only chosen redemptions name.
-- One row per code of the list that is known, whatever its number of groups.
with
    stored as (
        select code, group_name, status, code_id
        from judged_codes($asof, $filters)
        where code in (select code from list_lines)
    ),

    uses as (
        select
            code_id,
            min(time) as redeemed_at,
            arg_min_null(site_ref, (time, transaction_id)) as site,
        from redemption_rows()
        where
            not cancelled
            and time <= $asof
            and code_id in (select code_id from stored)
        group by code_id
    ),

    known as (
        select
            code,
            group_name,
            verdict_of(status) as verdict,
            redeemed_at,
            site,
        from stored
        left join uses using (code_id)
        union all
        select code, group_name, verdict_of(status), redeemed_at, site
        from codes_of_redemptions($asof, $filters)
        where code in (select code from list_lines)
    )

select
    code,
    arg_min(verdict, place_of_verdict(verdict)) as verdict,
    in_a_sentence(list(distinct group_name order by group_name)) as group_name,
    min(redeemed_at) as redeemed_at,
    arg_min_null(site, redeemed_at) as site,
    min(group_name) as first_group,
from known
group by code
