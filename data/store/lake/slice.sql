-- The rows on a lake that codes_for_sql($filters) looks at ($kind: codes), or
-- redemptions_for_sql($filters) (transactions). Both choose each row by itself,
-- so that whatever else a slice holds changes nothing.
-- One row per code or redemption, by its position among those of its kind.
select 'codes' as kind, position
from chosen_codes($filters)
where $kind = 'codes'
union all
select 'transactions', position
from chosen_transactions($filters)
where $kind = 'transactions'
union all
-- Where a status is in force, redemptions are chosen by their codes.
select 'codes', position
from vouchers.codes
where
    $kind = 'transactions'
    and ($filters['status'] is not null or $filters['status!'] is not null)
    and code_id in (select code_id from chosen_transactions($filters))
