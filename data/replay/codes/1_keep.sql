-- Keeps the staged rows of one code for $source, the file that they are from.

-- One row per kept row and source.
create table if not exists kept_codes as
select '' as source, row_of(rowid) as row, *
from staged
limit 0;

insert into kept_codes
select $source as source, row_of(rowid) as row, *
from staged
where code = $code;
