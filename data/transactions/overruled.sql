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
            time, code, group_name, campaign_id, campaign_name, site_ref, cancelled, code_deleted
        ) is distinct from (
            last(
                (time, code, group_name, campaign_id, campaign_name, site_ref, cancelled, code_deleted)
            ) over same
        ) as is_overruled,
    from staged
    window same as (
        partition by transaction_id
        order by rowid
        rows between unbounded preceding and unbounded following
    )
)
where is_overruled
