-- Of staged rows with the same key only the last one speaks.
with
    repeated as (
        select group_name, code, max(rowid) as last_row
        from staged
        group by all
        having count(*) > 1
    )

delete from staged
where rowid in (
    select staged.rowid
    from staged
    join repeated using (group_name, code)
    where staged.rowid <> last_row
)
