-- The chosen batches with what became of each.
-- One row per batch, the most recently imported first, 50 from $offset on;
-- codes without a batch come last.
with
    issued as (
        select
            batch,
            string_agg(distinct group_name, ', ' order by group_name) as groups,
            string_agg(distinct folder, ', ' order by folder) as folders,
            string_agg(distinct prefix, ', ' order by prefix) as prefixes,
            min(import_id) as import_id,
            min(start_date) as starts,
            max(expiry_date) as expires,
            count(*) as codes,
            count(*) filter (expiry_date <= $filters['asof']) as matured_codes,
        from chosen_codes($filters)
        group by all
    ),

    used as (
        select
            batch,
            count(distinct code_id) filter (not cancelled) as redeemed_codes,
            count(*) filter (not cancelled) as net,
            count(*) filter (cancelled) as cancelled,
            min(time) as first_time,
            max(time) as last_time,
        from chosen_transactions($filters)
        group by all
    ),

    listed as (
        from issued
        order by batch is null, import_id desc, batch
        limit 50
        offset $offset
    ),

    curves as (
        select
            transactions.batch,
            histogram(
                floor(
                    11.999
                    * epoch(time - first_time)
                    / epoch(last_time - first_time)
                )::int
            ) as steps,
        from chosen_transactions($filters) as transactions
        join used on transactions.batch is not distinct from used.batch
        where not transactions.cancelled and last_time > first_time
        group by all
    )

select
    coalesce(listed.batch, '(no batch)') as batch,
    groups,
    folders,
    prefixes,
    imported_at as imported,
    starts,
    expires,
    codes,
    coalesce(redeemed_codes, 0) as redeemed_codes,
    coalesce(redeemed_codes, 0) / codes as redemption_rate,
    if(matured_codes = codes, 'matured', 'so far') as matured,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    list_transform(range(12), lambda i: coalesce(steps[i::int], 0)) as curve,
from listed
left join used on listed.batch is not distinct from used.batch
left join curves on listed.batch is not distinct from curves.batch
left join vouchers.imports using (import_id)
order by listed.batch is null, import_id desc, listed.batch
