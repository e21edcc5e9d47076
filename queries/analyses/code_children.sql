-- Which codes were issued because $code was redeemed: those whose parent it is.
-- One row per code of any group, in the order of import, $most at most.
with
    plain as (
        select
            code_id,
            code,
            group_name,
            status_of(
                $asof, first_deleted, first_redeemed, first_cancelled,
                expiry_date, start_date
            ) as status,
            start_date,
            expiry_date,
            first_redeemed,
            batch,
            prefix,
            count(*) over () as children,
        from seen_codes($filters)
        where parent_code = $code
    ),

    masked as (
        select
            * replace (
                shown_code($filters, code, prefix) as code,
                shown_prefix($filters, prefix) as prefix
            ),
        from plain
    )

from query_table(if($filters['masked'], 'masked', 'plain'))
order by code_id
limit $most
