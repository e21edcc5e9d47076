"""Checks that a store has no key twice and that its derived columns match the rows."""

from data.store.database import Store

# The derived columns of codes, recomputed from the rows.
RECOMPUTED = """
create or replace temp table recomputed as
with
    real as (from vouchers.transactions where not from_codes_file),

    only_in_file as (
        select group_name, code, redemption_time as time
        from vouchers.codes as codes
        where
            redemption_time is not null
            and not exists (
                select 1 from real
                where real.group_name = codes.group_name and real.code = codes.code
            )
    ),

    events as (
        select group_name, code, time, cancelled, code_deleted from real
        union all
        select group_name, code, time, false, false from only_in_file
    )

select
    codes.group_name,
    codes.code,
    count(time) filter (not cancelled) as scans,
    min(time) filter (not cancelled) as first_redeemed,
    min(time) filter (cancelled) as first_cancelled,
    min(time) filter (code_deleted) as first_deleted,
    (
        select list(only_in_file.time) from only_in_file
        where only_in_file.group_name = codes.group_name and only_in_file.code = codes.code
    ) as from_codes_file,
from vouchers.codes as codes
left join events using (group_name, code)
group by all
"""
WRONG_CODES = """
select codes.code from vouchers.codes as codes
join recomputed using (group_name, code)
where
    codes.scans is distinct from recomputed.scans
    or codes.first_redeemed is distinct from recomputed.first_redeemed
    or codes.first_cancelled is distinct from recomputed.first_cancelled
    or codes.first_deleted is distinct from recomputed.first_deleted
    or recomputed.from_codes_file is distinct from (
        select list(time) from vouchers.transactions as known
        where known.code_id = codes.code_id and from_codes_file
    )
"""
WRONG_TRANSACTIONS = """
select known.code from vouchers.transactions as known
left join vouchers.codes as codes
    on codes.group_name = known.group_name and codes.code = known.code
where
    known.code_id is distinct from codes.code_id
    or known.folder
    is distinct from if(codes.code_id is null, known.own_folder, codes.folder)
    or known.batch is distinct from if(codes.code_id is null, known.own_batch, codes.batch)
    or known.prefix is distinct from codes.prefix
    or known.redemption_type is distinct from codes.redemption_type
    or known.redemption_quantity is distinct from codes.redemption_quantity
    or known.item_code is distinct from codes.item_code
    or known.start_date is distinct from codes.start_date
    or known.expiry_date is distinct from codes.expiry_date
"""
DOUBLED = """
select code from vouchers.codes group by group_name, code having count(*) > 1
union all
select code from vouchers.codes group by code_id, code having count(*) > 1
union all
select transaction_id from vouchers.transactions
where transaction_id is not null group by all having count(*) > 1
"""


def assert_sound(store: Store) -> None:
    """Assert that no key exists twice and that every derived column matches the rows."""
    with store.cursor() as cursor:
        assert cursor.execute(DOUBLED).fetchall() == []
        cursor.execute(RECOMPUTED)
        assert cursor.execute(WRONG_CODES).fetchall() == []
        assert cursor.execute(WRONG_TRANSACTIONS).fetchall() == []
