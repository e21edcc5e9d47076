-- What was odd about an import.
-- One row per kind of oddity, the most frequent first.
select kind, rows, lines, detail
from vouchers.warnings
where
    import_id = $import_id
    and sees_all($filters)
    -- Older versions noted where the order of day and month was proven.
    and not (kind = 'day_month' and len(lines) > 0)
order by rows desc, kind, detail
