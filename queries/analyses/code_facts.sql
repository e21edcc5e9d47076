-- What the code $code of the group $group_name is, by its codes file.
-- One row; none where no codes file has brought it.
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
            scans,
            folder,
            batch,
            prefix,
            start_date,
            expiry_date,
            redemption_type,
            redemption_quantity,
            item_code,
            parent_code,
        from codes_named($filters, $code)
        where group_name = $group_name
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
