-- In which campaigns redemptions are cancelled.
-- One row per campaign, the most cancelled redemptions first.
with campaigns as (
    select
        coalesce(campaign_id, campaign_name, '(no campaign)') as campaign,
        total(cancellations) as cancelled,
        total(redemptions) as redemptions,
    from chosen_redemption_totals($filters)
    group by all
)

select
    campaign,
    cancelled / redemptions as cancellation_rate,
    cancelled,
    redemptions,
from campaigns
order by cancelled desc, redemptions desc, campaign
