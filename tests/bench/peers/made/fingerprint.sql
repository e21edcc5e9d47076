-- The same for the same rows, whatever their order.
-- One row.
select
    (select bit_xor(hash(codes)) from codes) as codes,
    (select bit_xor(hash(transactions)) from transactions) as transactions,
