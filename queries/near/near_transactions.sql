-- The redemptions that a file may touch: those of its codes and its numbers,
-- and those of unknown codes that may look like one of its own. keys_of_file
-- has one row per code of the file, numbers_of_file one per transaction.
-- One row per redemption.
from vouchers.transactions
where
    code in (select code from keys_of_file)
    or transaction_id in (select transaction_id from numbers_of_file)
    or (
        code_id is null
        and (
            upper(code) in (select look from keys_of_file)
            or (
                not is_plain(code)
                and digits(code) in (select digits from keys_of_file)
            )
        )
    )
