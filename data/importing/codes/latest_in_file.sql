-- When a code of a codes file was redeemed last, before the file is staged.
-- One row.
select max(stamp("Redemption_Time"))
from csv_file($path, $columns)
