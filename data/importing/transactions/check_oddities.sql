-- What is odd but possible in a staged transactions file.
-- One row per kind of oddity, with the first five rows of each.
with odd as (
    select 'spaces' as kind, rowid as row
    from staged
    where contains(code, ' ') or code <> trim(code)
    union all
    select 'outside_dates', staged.rowid
    from staged
    join vouchers.codes using (group_name, code)
    where staged.time < codes.start_date or staged.time >= codes.expiry_date
    union all
    select 'unknown_code', staged.rowid
    from staged
    anti join vouchers.codes using (group_name, code)
    union all
    select 'like_numbers', rowid
    from staged
    where is_like_a_number(code)
    union all
    select 'used_twice', max(rowid)
    from staged
    where not cancelled and campaign_id is null
    group by group_name, code
    having count(*) > 1
)

select
    kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from odd
group by kind
union all
select 'day_month', count(*), [], 'Time'
from staged
having max(day(time)) <= 12
