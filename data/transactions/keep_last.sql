-- Of staged rows with the same key only the last one speaks.
delete from staged
where rowid not in (select max(rowid) from staged group by transaction_id)
