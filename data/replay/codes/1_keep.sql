-- The staged rows of one code, kept for $source, the file that they are from.
create table if not exists kept_codes as
select '' as source, row_of(rowid) as row, *
from staged
limit 0;

insert into kept_codes
select $source as source, row_of(rowid) as row, *
from staged
where code = $code;
