-- In which campaigns redemptions are cancelled.
-- One row per campaign, the most cancelled redemptions first.
select
    coalesce(campaign_id, campaign_name, '(no campaign)') as campaign,
    count(*) filter (cancelled) / count(*) as cancellation_rate,
    count(*) filter (cancelled) as cancelled,
    count(*) as redemptions,
from chosen_transactions($filters)
group by campaign
order by count(*) filter (cancelled) desc, redemptions desc, campaign
