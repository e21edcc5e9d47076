"""The totals that a store must have, computed from its rows by other SQL than its own."""

import duckdb

# The SQL of the store is in data/store/totals/.
CODES_RECOMPUTED = """
select folder, group_name, prefix, batch, redemption_type, item_code, start_date, expiry_date,
    ceil(epoch(first_redeemed) / 86400)::int as redeemed_day,
    ceil(epoch(first_cancelled) / 86400)::int as cancelled_day,
    ceil(epoch(first_deleted) / 86400)::int as deleted_day,
    import_id,
    date_diff('day', start_date, first_redeemed)
    - (first_redeemed::time < start_date::time)::int as redeemed_age,
    count(*) as codes
from vouchers.codes group by all order by all
"""
CODES_STORED = """
select folder, group_name, prefix, batch, redemption_type, item_code, start_date, expiry_date,
    (epoch(redeemed_day) / 86400)::int, (epoch(cancelled_day) / 86400)::int,
    (epoch(deleted_day) / 86400)::int, import_id, redeemed_age, codes
from vouchers.code_totals order by all
"""
REDEMPTIONS_RECOMPUTED = """
with events as (
    select *, (
        select max((before.time, before.transaction_id))
        from vouchers.transactions as before
        where before.code_id = now.code_id and not before.cancelled
        and (before.time, before.transaction_id) < (now.time, now.transaction_id)
        and not now.cancelled
    ) as before
    from vouchers.transactions as now
)
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, code_id is not null as is_known,
    strftime(time, '%Y-%m-%d %H') as hour, before[1]::date as previous_day,
    case when time < start_date then start_date end as early_start,
    case when not time < expiry_date then expiry_date end as late_expiry,
    count(*) as redemptions,
    coalesce(sum(redemption_quantity)
        filter (redemption_type = 'Item' and not cancelled), 0)::int as units
from events group by all order by all
"""
REDEMPTIONS_STORED = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, is_known, strftime(hour, '%Y-%m-%d %H'), previous_day::date,
    early_start, late_expiry, redemptions, units
from vouchers.redemption_totals order by all
"""
SITES_RECOMPUTED = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, code_id is not null, site_ref, count(*)
from vouchers.transactions group by all order by all
"""
SITES_STORED = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, is_known, site_ref, redemptions
from vouchers.site_totals order by all
"""


def assert_totals_are_the_rows(db: duckdb.DuckDBPyConnection) -> None:
    for rows, totals in (
        (CODES_RECOMPUTED, CODES_STORED),
        (REDEMPTIONS_RECOMPUTED, REDEMPTIONS_STORED),
        (SITES_RECOMPUTED, SITES_STORED),
    ):
        assert db.execute(totals).fetchall() == db.execute(rows).fetchall()


def stored_totals(db: duckdb.DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    return [
        db.execute(kept).fetchall() for kept in (CODES_STORED, REDEMPTIONS_STORED, SITES_STORED)
    ]
