-- Deletes the staged rows whose key comes again further down.
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
