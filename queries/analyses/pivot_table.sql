-- A pivot table with its totals: $measure by $rows and $columns, as pivot.sql
-- has it, of which the first rows and columns with at most $most cells.
-- One row per cell, per row, per column and for all, of which the other is
-- null. Times are in their order, else the largest totals come first, rates of
-- few (less than 20) after the others, and names such as '(no site)' last.
-- all_rows, all_columns: how many there are; level: 0 of a cell.
with
    counted as materialized (
        from pivoted(
            $code_totals, $pivot_redemptions, $pivot_sites, $filters, $asof,
            $data_until, $rows, $columns, $measure, $days, $per_day
        )
    ),

    row_places as (
        select
            "row",
            row_number() over (
                order by
                    is_apart($rows, "row"),
                    rank_in_pivot($rows, $measure, value, whole) nulls last,
                    "row"
            ) as row_place,
        from counted
        where level = 1
    ),

    column_places as (
        select
            "column",
            row_number() over (
                order by
                    is_apart($columns, "column"),
                    rank_in_pivot($columns, $measure, value, whole) nulls last,
                    "column"
            ) as column_place,
        from counted
        where level = 2
    ),

    shape as (
        select
            count(*) filter (level = 1) as all_rows,
            count(*) filter (level = 2) as all_columns,
            columns_in_sight(all_rows, all_columns, $most) as last_column,
            $most // greatest(last_column, 1) as last_row,
        from counted
    )

select * exclude (last_column, last_row)
from counted
left join row_places using ("row")
left join column_places using ("column")
cross join shape
where
    coalesce(row_place <= last_row, true)
    and coalesce(column_place <= last_column, true)
order by level, row_place, column_place
