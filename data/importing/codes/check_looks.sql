-- How many different codes a staged file has, where those that look alike are
-- one. `may_hide`: the file has more than visible ASCII.
-- One row.
select count(*)
from (
    select distinct if($may_hide, looks(code), upper(replace(code, ' ', '')))
    from staged
)
