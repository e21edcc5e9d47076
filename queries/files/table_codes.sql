-- Every chosen code, typed, under the names of Voucher Manager.
-- One row per code, in the order of the store.
from codes_file($filters)
