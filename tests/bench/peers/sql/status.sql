-- What has become of the codes.
-- One row per status.
with
    said as (
        select
            group_name,
            code,
            count(*) filter (where code_deleted) as deletions,
            count(*) filter (where not cancelled) as uses
        from transactions
        where time <= $asof and {codes}
        group by group_name, code
    ),

    judged as (
        select
            case
                when deletions > 0 then 'deleted'
                when uses > 0 then 'redeemed'
                when uses = 0 then 'cancelled'
                when expiry_date <= $asof then 'expired'
                when start_date > $asof then 'scheduled'
                else 'active'
            end as status
        from codes
        left join said using (group_name, code)
        where {codes}
    )

select status, count(*) as codes
from judged
group by status
