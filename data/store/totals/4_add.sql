-- Adds the changes to the stored totals, so that there is one row per kind, and
-- none that counts nothing. Only batches that have changes are rewritten.

-- One row per kind_of() that has changes.
create or replace temp table changed_kinds as
select kind_of(folder, group_name, batch)
from code_before
union
select kind_of(folder, group_name, batch)
from code_changes
union
select kind_of(folder, group_name, batch)
from redemption_before
union
select kind_of(folder, group_name, batch)
from redemption_changes;

-- One row per kind of code.
create or replace temp table code_sums as
select
    * exclude (codes, bytes, formula_like, first_code, last_code),
    sum(codes)::bigint as codes,
    sum(bytes)::bigint as bytes,
    sum(formula_like)::bigint as formula_like,
    min(first_code) as first_code,
    max(last_code) as last_code,
from (
    from vouchers.code_totals
    where kind_of(folder, group_name, batch) in (from changed_kinds)
    union all by name
    from code_before
    union all by name
    from code_changes
)
group by all
having sum(codes) <> 0
order by folder, group_name, batch;

delete from vouchers.code_totals
where kind_of(folder, group_name, batch) in (from changed_kinds);

insert into vouchers.code_totals by name
from code_sums;

-- One row per hour and kind of redemption.
create or replace temp table redemption_sums as
select
    * exclude (
        redemptions, units, units_unknown, bytes, formula_like,
        first_code, last_code
    ),
    sum(redemptions)::bigint as redemptions,
    sum(units)::bigint as units,
    sum(units_unknown)::bigint as units_unknown,
    sum(bytes)::bigint as bytes,
    sum(formula_like)::bigint as formula_like,
    min(first_code) as first_code,
    max(last_code) as last_code,
from (
    from vouchers.redemption_totals
    where kind_of(folder, group_name, batch) in (from changed_kinds)
    union all by name
    from redemption_before
    union all by name
    from redemption_changes
)
group by all
having sum(redemptions) <> 0
order by folder, group_name, batch, hour;

delete from vouchers.redemption_totals
where kind_of(folder, group_name, batch) in (from changed_kinds);

insert into vouchers.redemption_totals by name
from redemption_sums;

-- One row per site and kind of redemption.
create or replace temp table site_sums as
select
    * exclude (redemptions, first_code, last_code),
    sum(redemptions)::bigint as redemptions,
    min(first_code) as first_code,
    max(last_code) as last_code,
from (
    from vouchers.site_totals
    where kind_of(folder, group_name, batch) in (from changed_kinds)
    union all by name
    from site_before
    union all by name
    from site_changes
)
group by all
having sum(redemptions) <> 0
order by folder, group_name, batch, site_ref;

delete from vouchers.site_totals
where kind_of(folder, group_name, batch) in (from changed_kinds);

insert into vouchers.site_totals by name
from site_sums;
