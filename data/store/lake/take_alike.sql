-- Takes the codes that an import may touch, or look at, out of the files at
-- $codes: those that look like one of the table $named, or would without their
-- leading zeros. Codes that look alike are compared for warnings.

-- One row per such code, by its position: all other columns are read only where
-- there are any.
create or replace temp table codes_alike as
select position
from rows_in($codes)
where looks(code) in (select looks(code) from query_table($named))
union
select position
from rows_in($codes)
where
    code >= '0'
    and code < '1'
    and ltrim(code, '0') in (select code from query_table($named));

-- One row per such code.
create or replace temp table codes_taken as
from rows_in($codes)
semi join codes_alike using (position)
order by position;
