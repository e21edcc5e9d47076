-- The chosen batches with what became of each.
-- One row per batch, the most recently imported first, $most from $offset on;
-- codes without a batch come last. The rate is of the codes_live. final: every
-- code has expired. curve: net redemptions by twelfths of the time that
-- curve_from and curve_to end, which is the same for all batches; curve_most:
-- the highest of all their curves.
with
    issued as (
        select
            coalesce(batch, '(no batch)') as batch,
            string_agg(distinct group_name, ', ' order by group_name) as groups,
            string_agg(distinct folder, ', ' order by folder) as folders,
            string_agg(
                distinct shown_prefix($filters, prefix),
                ', '
                order by shown_prefix($filters, prefix)
            ) as prefixes,
            min(import_id) as import_id,
            min(start_date) as starts,
            max(expiry_date) as expires,
            total(codes) as codes,
            total(if(is_live, codes, 0)) as live_by_dates,
            total(if(expiry_date <= $data_until, codes, 0)) as expired_codes,
        from chosen_code_totals($code_totals, $filters)
        group by all
    ),

    listed as (
        from issued
        order by batch = '(no batch)', import_id desc, batch
        limit $most
        offset $offset
    )

select
    batch,
    groups,
    folders,
    prefixes,
    imported_at as imported,
    starts,
    expires,
    codes,
    coalesce(redeemed_codes, 0) as redeemed_codes,
    live_by_dates + coalesce(redeemed_not_live, 0) as codes_live,
    redemption_rate(coalesce(redeemed_codes, 0), codes_live) as redemption_rate,
    if(expired_codes = codes, 'final', 'running') as state,
    age_of(starts, $data_until) as age_days,
    coalesce(net, 0) as net,
    coalesce(cancelled, 0) as cancelled,
    list_transform(range(12), lambda i: coalesce(steps[i::int], 0)) as curve,
    curve_from,
    curve_to,
    curve_most,
from listed
left join redemptions_by_batch($redemption_totals, $filters, $data_until)
    using (batch)
left join vouchers.imports using (import_id)
order by batch = '(no batch)', import_id desc, batch
