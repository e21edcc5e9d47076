-- The chosen redemptions, also those that only a codes file knows of. paging.py
-- sorts them and cuts a page out.
-- One row per redemption; those that sort alike follow their IDs.
with
    plain as (
        select
            time,
            code,
            group_name,
            cancelled,
            site_ref,
            campaign_id,
            campaign_name,
            code_deleted,
            folder,
            batch,
            transaction_id,
            case
                when from_codes_file then 'from the codes file'
                when code_id is null then 'code not in any codes file'
            end as note,
            code_id,
            transaction_id as tie,
            code_id as second_tie,
            prefix,
        from chosen_transactions($filters)
    ),

    masked as (
        select
            * replace (
                shown_code($filters, code, prefix) as code,
                shown_id($filters, transaction_id, code) as transaction_id
            ),
        from plain
    )

select * exclude (prefix),
from query_table(if($filters['masked'], 'masked', 'plain'))
