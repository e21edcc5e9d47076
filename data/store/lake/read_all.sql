-- Reads every value of the files at $paths. Fails where one cannot be read.
-- One row.
select bit_xor(hash(read))
from rows_in($paths) as read
