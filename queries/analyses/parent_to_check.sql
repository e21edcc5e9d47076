-- What is worth a look at a code whose parent is $code, because of the parent:
-- that it is not imported, or none of that name was redeemed.
-- One row; none where the parent was redeemed.
select
    case
        when count(*) = 0 then 'parent_not_loaded'
        when bool_or(first_cancelled is not null) then 'parent_cancelled'
        else 'parent_not_redeemed'
    end as "check",
from codes_named($filters, $code)
having not coalesce(bool_or(scans > 0), false)
