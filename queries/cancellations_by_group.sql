-- In which groups redemptions are cancelled.
-- One row per group, the most cancelled redemptions first.
select
    coalesce(group_name, '(no group)') as group_name,
    count(*) filter (cancelled) / count(*) as cancellation_rate,
    count(*) filter (cancelled) as cancelled,
    count(*) as redemptions,
from chosen_transactions($filters)
group by group_name
order by count(*) filter (cancelled) desc, redemptions desc, group_name
