-- Staged rows that a later row of the same key contradicts, as a warning.
-- One row.
select
    'overruled' as kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from (
    select
        rowid as row,
        (
            start_date, expiry_date, redemption_type, redemption_quantity, item_code, parent_code, redemption_time
        ) is distinct from (
            last(
                (start_date, expiry_date, redemption_type, redemption_quantity, item_code, parent_code, redemption_time)
            ) over same
        ) as is_overruled,
    from staged
    window same as (
        partition by group_name, code
        order by rowid
        rows between unbounded preceding and unbounded following
    )
)
where is_overruled
