-- Which codes and transactions an import changed in the way $change, by page.
-- One row per code or transaction, 50 from $offset on.
select group_name, code, transaction_id
from (
    select group_name, code, null as transaction_id
    from vouchers.codes
    where $change = 'new codes' and import_id = $import_id
    union all
    select group_name, code, transaction_id
    from vouchers.transactions
    where
        $change = 'new transactions'
        and import_id = $import_id
        and not from_codes_file
    union all
    select group_name, code, transaction_id
    from vouchers.changes
    where change = $change and import_id = $import_id
)
limit 50
offset $offset
