-- The chosen codes, page by page, those with $search in them.
-- One row per code, sorted as asked, 50 from $offset on.
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
from
    (
        select
            *,
            case $sort
                when 'code' then code
                when 'group_name' then group_name
                when 'status' then status
                when 'folder' then folder
                when 'batch' then batch
            end as text_key,
            case $sort
                when 'start_date' then start_date
                when 'expiry_date' then expiry_date
                when 'first_redeemed' then first_redeemed
            end as time_key,
            if($sort = 'scans', scans, null) as number_key,
        from chosen_codes($filters)
        where $search is null or contains(lower(code), lower($search))
    )
order by
    if($descending, null, text_key) nulls last,
    if($descending, text_key, null) desc nulls last,
    if($descending, null, time_key) nulls last,
    if($descending, time_key, null) desc nulls last,
    if($descending, null, number_key) nulls last,
    if($descending, number_key, null) desc nulls last,
    code_id
limit 50
offset $offset
