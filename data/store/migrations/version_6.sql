-- Adds the columns that say when the files on a lake were in force. What was in
-- force before an import is not known of an older store. May be run twice.
alter table vouchers.files
add column if not exists from_import integer;

alter table vouchers.files
add column if not exists until_import integer;

alter table vouchers.store
add column if not exists known_from integer;

update vouchers.files
set
    from_import = (
        select coalesce(max(import_id), 0)
        from vouchers.imports
    )
where from_import is null;

update vouchers.store
set
    known_from = (
        select coalesce(max(import_id), 0) + 1
        from vouchers.imports
    )
where known_from is null and exists (from vouchers.files);
