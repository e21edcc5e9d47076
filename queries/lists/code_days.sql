-- Between which times redemptions of the code $code may be that no codes file
-- has brought, by the first and last codes of each hour.
-- One row; null where there are none.
select
    min(hour)::date as first,
    max(hour)::date as last,
from hours_without_code($filters, $code)
