-- What is worth a look at a code whose parent is $code, because of the parent:
-- that it is not imported, or none of that name was redeemed.
-- One row; none where the parent was redeemed.
select
    'parent_' || parent_state(scans, first_cancelled) as "check",
from codes_named($filters, $code)
having parent_state(scans, first_cancelled) <> 'redeemed'
