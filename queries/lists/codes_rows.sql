-- The chosen codes with $search in them, or where $whole those that are it.
-- paging.py sorts them and cuts a page out.
-- One row per code; of those that sort alike the first imported comes first.
with
    plain as (
        select
            code,
            group_name,
            status,
            scans,
            first_redeemed,
            folder,
            batch,
            prefix,
            start_date,
            expiry_date,
            redemption_type,
            redemption_quantity,
            item_code,
            parent_code,
            code_id,
            code_id as tie,
            code_id as second_tie,
        from judged_codes($asof, $filters)
        where is_sought($filters, $search, $whole, code)
    ),

    masked as (
        select
            * replace (
                shown_code($filters, code, prefix) as code,
                shown_code($filters, parent_code, prefix) as parent_code,
                shown_prefix($filters, prefix) as prefix
            ),
        from plain
    )

from query_table(if($filters['masked'], 'masked', 'plain'))
