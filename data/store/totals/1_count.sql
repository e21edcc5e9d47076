-- Counts what the rows that an import affects add to the totals, $sign times:
-- -1 before they change, 1 after. The same rows both times: those of the import
-- itself, those of affected codes, and redemptions of unknown codes among the
-- affected keys. An import_id of -1 stands for all rows.

-- One row per kind of code.
create or replace temp table code_changes as
select
    folder,
    group_name,
    prefix,
    batch,
    redemption_type,
    item_code,
    start_date,
    expiry_date,
    redeemed_day,
    cancelled_day,
    deleted_day,
    redeemed_age,
    import_id,
    $sign * count(*) as codes,
    $sign * sum(bytes) as bytes,
    $sign * sum(formula_like) as formula_like,
    min(code) as first_code,
    max(code) as last_code,
from (
    from code_rows()
    where import_id = $import_id or $import_id = -1
    union all
    from code_rows()
    semi join affected using (code_id)
    where import_id <> $import_id and $import_id <> -1
)
group by all;

-- One row per affected redemption.
create or replace temp table counted as
from redemption_rows()
where import_id = $import_id or $import_id = -1
union all
from redemption_rows()
semi join affected using (code_id)
where import_id <> $import_id and $import_id <> -1
union all
from redemption_rows() as redemptions
semi join affected_keys
    on affected_keys.group_key = coalesce(redemptions.group_name, '')
    and affected_keys.code = redemptions.code
where
    redemptions.import_id <> $import_id
    and redemptions.code_id is null
    and $import_id <> -1;

-- One row per hour and kind of redemption.
create or replace temp table redemption_changes as
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
    is_known,
    hour,
    previous_day,
    early_start,
    late_expiry,
    $sign * count(*) as redemptions,
    $sign * sum(units) as units,
    $sign * sum(units_unknown) as units_unknown,
    $sign * sum(bytes) as bytes,
    $sign * sum(formula_like) as formula_like,
    min(code) as first_code,
    max(code) as last_code,
from counted
group by all;

-- One row per site and kind of redemption.
create or replace temp table site_changes as
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
    is_known,
    site_ref,
    $sign * count(*) as redemptions,
    min(code) as first_code,
    max(code) as last_code,
from counted
group by all;

drop table temp.counted;
