-- The part of a pivot table that a screen shows, with its totals: of the first
-- rows and columns at most $most cells; all columns of few, else 50, or more
-- where there are few rows.
-- One row per cell, per row, per column and for all, as in pivot_totals.sql.
with placed as (
    select
        *,
        least(
            all_columns, greatest(50, $most // greatest(all_rows, 1))
        ) as last_column,
    from placed_pivot(
        $code_totals, $pivot_redemptions, $pivot_sites, $filters, $asof,
        $data_until, $rows, $columns, $measure, $days, $per_day
    )
)

select * exclude (last_column)
from placed
where
    coalesce(column_place <= last_column, true)
    and coalesce(row_place <= $most // last_column, true)
order by level, row_place, column_place
