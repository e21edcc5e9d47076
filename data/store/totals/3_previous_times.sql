-- Updates when the codes of the affected redemptions were redeemed before.
update vouchers.transactions
set previous_time = previous.previous_time
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
) as previous
where
    transactions.rowid = previous.row
    and transactions.previous_time is distinct from previous.previous_time;
