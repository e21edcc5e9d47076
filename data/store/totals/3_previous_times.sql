-- When the codes of the affected redemptions were redeemed before.
update vouchers.transactions
set previous_time = found.previous_time
from (
    select
        transactions.rowid as row,
        lag(time) over (
            partition by code_id
            order by cancelled, time, transaction_id, transactions.rowid
        ) as before,
        if(cancelled, null, before) as previous_time,
    from vouchers.transactions
    semi join (
        select code_id
        from redemption_summary
        where is_repeated
    ) as repeated using (code_id)
) as found
where
    transactions.rowid = found.row
    and transactions.previous_time is distinct from found.previous_time;
