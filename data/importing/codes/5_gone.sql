-- Codes of the file at $path, the last of the same scope, that the incoming
-- one no longer holds.
insert into vouchers.changes
select distinct
    $import_id as import_id,
    'gone' as change,
    before."Group_Name" as group_name,
    before."Code" as code,
    null as transaction_id,
from csv_file($path, $columns) as before
anti join incoming
    on incoming.code = before."Code"
    and incoming.group_name = before."Group_Name"
