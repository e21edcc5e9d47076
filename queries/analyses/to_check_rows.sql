-- What one check finds among the chosen codes and redemptions. paging.py sorts
-- the rows and cuts a page out.
-- One row per code, redemption or site; which columns have values depends on
-- the check.
with
    plain as (
        select
            code_id,
            group_name,
            code,
            time,
            site_ref,
            second_time,
            second_site,
            cancelled_time,
            cancelled_site,
            uses,
            campaign_id,
            redemption_time,
            first_redeemed,
            first_cancelled,
            exported_at,
            start_date,
            expiry_date,
            parent_code,
            near_code,
            near_group,
            differs,
            redemptions,
            cancellations,
            cancellation_rate,
            rate_of_all,
            folder,
            batch,
            prefix,
            transaction_id,
            coalesce(transaction_id, if(code is null, site_ref, null)) as tie,
            code_id as second_tie,
        from check_rows(
            if($check = 'unknown_code', 'near_misses', $check),
            $filters, $site_totals, $minutes, $limits, $imported_since
        )
    ),

    masked as (
        select
            * replace (
                shown_code($filters, code, prefix) as code,
                shown_code($filters, near_code, prefix) as near_code,
                shown_code($filters, parent_code, prefix) as parent_code,
                shown_id($filters, transaction_id, code) as transaction_id
            ),
        from plain
    )

select * exclude (prefix),
from query_table(if($filters['masked'], 'masked', 'plain'))
