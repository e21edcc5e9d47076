-- A pivot table: $measure by $rows and $columns, without its totals.
-- One row per cell that has any code or redemption, by row and column; names
-- such as '(no site)' last. The rate within days is within $days; $per_day,
-- yes or no: of counts of redemptions the mean per day, also of empty days.
select "row", "column", value
from pivoted(
    $code_totals, $pivot_redemptions, $pivot_sites, $filters, $asof,
    $data_until, $rows, $columns, $measure, $days, $per_day
)
where level = 0
order by
    is_apart($rows, "row"),
    "row",
    is_apart($columns, "column"),
    "column"
