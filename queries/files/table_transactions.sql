-- Every chosen transaction, typed, under the names of Voucher Manager.
-- One row per transaction, in the order of the store.
from transactions_file($filters)
