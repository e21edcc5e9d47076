-- When the last redemption of a transactions file was, before it is staged.
-- One row.
select max(stamp("Time"))
from csv_file($path, $columns)
