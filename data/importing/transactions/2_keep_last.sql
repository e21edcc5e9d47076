-- Deletes the staged rows whose key comes again further down.
with
    repeated as (
        select transaction_id, max(rowid) as last_row
        from staged
        group by all
        having count(*) > 1
    )

delete from staged
where rowid in (
    select staged.rowid
    from staged
    join repeated using (transaction_id)
    where staged.rowid <> last_row
)
