-- How many of the codes whose expiry has passed were redeemed: the fair rate.
-- One row.
with matured as (
    select code_id
    from chosen_codes($filters)
    where expiry_date <= $asof
)

select
    count(*) as matured_codes,
    count(redeemed.code_id) as redeemed_codes,
    matured_rate(count(redeemed.code_id), count(*)) as matured_rate,
from matured
left join (
    select distinct code_id
    from chosen_transactions($filters)
    where not cancelled
) as redeemed
    on redeemed.code_id = matured.code_id
