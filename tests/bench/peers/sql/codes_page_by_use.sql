-- Fifty codes with what became of them, sorted by that.
-- One row per code.
with said as (
    select
        group_name,
        code,
        count(*) filter (where not cancelled) as scans,
        min(time) filter (where not cancelled) as first_redeemed,
        min(time) filter (where cancelled) as first_cancelled,
        min(time) filter (where code_deleted) as first_deleted
    from transactions
    group by group_name, code
)

select
    codes.*,
    coalesce(scans, 0) as scans,
    first_redeemed,
    case
        when first_deleted <= $asof then 'deleted'
        when first_redeemed <= $asof then 'redeemed'
        when first_cancelled <= $asof then 'cancelled'
        when expiry_date <= $asof then 'expired'
        when start_date > $asof then 'scheduled'
        else 'active'
    end as status
from codes
left join said using (group_name, code)
where {codes}
order by {sort} nulls last, code
limit 50 offset $offset
