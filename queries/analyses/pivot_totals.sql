-- A pivot table with its totals: $measure by $rows and $columns, as pivot.sql
-- has it. Rates, medians and redeemed codes are computed for each total.
-- One row per cell, per row, per column and for all, of which the other is
-- null, by their places; level: 0 of a cell.
from placed_pivot(
    $code_totals, $pivot_redemptions, $pivot_sites, $filters, $asof,
    $data_until, $rows, $columns, $measure, $days, $per_day
)
order by level, row_place, column_place
