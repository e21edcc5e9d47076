-- The chosen redemptions, page by page, those known only from codes files too.
-- One row per redemption, sorted as asked, 50 from $offset on.
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
from
    (
        select
            *,
            case $sort
                when 'code' then code
                when 'group_name' then group_name
                when 'site_ref' then site_ref
                when 'campaign_id' then campaign_id
                when 'cancelled' then cancelled::varchar
            end as text_key,
            if($sort = 'time', time, null) as time_key,
        from chosen_transactions($filters)
    )
order by
    if($descending, null, text_key) nulls last,
    if($descending, text_key, null) desc nulls last,
    if($descending, null, time_key) nulls last,
    if($descending, time_key, null) desc nulls last,
    transaction_id
limit 50
offset $offset
