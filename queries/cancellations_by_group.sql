-- In which groups redemptions are cancelled.
-- One row per group, the most cancelled redemptions first.
with groups as (
    select
        coalesce(group_name, '(no group)') as group_name,
        total(cancellations) as cancelled,
        total(redemptions) as redemptions,
    from chosen_redemption_totals($filters)
    group by all
)

select
    group_name,
    cancelled / redemptions as cancellation_rate,
    cancelled,
    redemptions,
from groups
order by cancelled desc, redemptions desc, group_name
