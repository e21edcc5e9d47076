-- What redemptions alone tell of the code $code of the group $group_name, which
-- no codes file has brought.
-- One row; none where it has no redemptions.
select
    shown_code($filters, code, null) as code,
    named_group as group_name,
    count(*) filter (not cancelled) as scans,
    max(folder) as folder,
    max(batch) as batch,
from redemptions_without_code($filters, $code)
where named_group = $group_name
group by code, named_group
