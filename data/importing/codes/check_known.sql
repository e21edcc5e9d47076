-- Whether a staged code may be stored already: whether, in its group, a kind of
-- code has its first code before the last staged one, and its last code after
-- the first. The totals must be of all that is stored.
-- One row.
with of_file as (
    select group_name, min(code) as first_code, max(code) as last_code,
    from staged
    group by group_name
)

select count(*) > 0
from of_file
join vouchers.code_totals as stored using (group_name)
where
    stored.first_code <= of_file.last_code
    and stored.last_code >= of_file.first_code
