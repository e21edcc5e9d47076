-- What the rows that an import touches add to the totals, $sign times: -1
-- before they change, 1 after. The same rows both times: those of the import
-- itself, those of touched codes, and redemptions of unknown codes among the
-- touched keys. An import_id of -1 stands for all rows.
insert into temp.code_changes by name
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    start_date,
    expiry_date,
    next_midnight(first_redeemed) as redeemed_day,
    next_midnight(first_cancelled) as cancelled_day,
    next_midnight(first_deleted) as deleted_day,
    import_id,
    $sign * count(*) as codes,
    $sign * sum(
        code_bytes(code, group_name, redemption_type, item_code, parent_code)
    ) as bytes,
    $sign * sum(is_like_a_formula(code, group_name)) as formula_like,
    min(code) as first_code,
    max(code) as last_code,
from (
    from vouchers.codes
    where import_id = $import_id or $import_id = -1
    union all
    from vouchers.codes
    semi join touched using (code_id)
    where import_id <> $import_id and $import_id <> -1
)
group by all;

create or replace temp table counted as
from vouchers.transactions
where import_id = $import_id or $import_id = -1
union all
from vouchers.transactions
semi join touched using (code_id)
where import_id <> $import_id and $import_id <> -1
union all
from vouchers.transactions as known
semi join touched_keys
    on touched_keys.group_key = coalesce(known.group_name, '')
    and touched_keys.code = known.code
where
    known.import_id <> $import_id
    and known.code_id is null
    and $import_id <> -1;

insert into temp.redemption_changes by name
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    campaign_id,
    campaign_name,
    cancelled,
    from_codes_file,
    code_id is not null as is_known,
    date_trunc('hour', time)::timestamp as hour,
    date_trunc('day', previous_time)::timestamp as previous_day,
    $sign * count(*) as redemptions,
    $sign * sum(
        units_of(cancelled, redemption_type, redemption_quantity)
    ) as units,
    $sign * sum(
        units_unknown_of(
            cancelled, code_id is not null, redemption_type, redemption_quantity
        )
    ) as units_unknown,
    $sign * sum(
        redemption_bytes(
            transaction_id, code, group_name, site_ref, campaign_id,
            campaign_name
        )
    ) as bytes,
    $sign * sum(is_like_a_formula(code, campaign_name)) as formula_like,
    min(code) as first_code,
    max(code) as last_code,
from counted
group by all;

insert into temp.site_changes by name
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    campaign_id,
    campaign_name,
    cancelled,
    code_id is not null as is_known,
    site_ref,
    $sign * count(*) as redemptions,
    min(code) as first_code,
    max(code) as last_code,
from counted
group by all;

drop table temp.counted;
