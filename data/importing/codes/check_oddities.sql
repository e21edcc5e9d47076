-- What is odd but possible in a staged codes file.
-- One row per kind of oddity, with the first five rows of each.
with odd as (
    select 'last_day' as kind, rowid as row
    from staged
    where is_last_day(expiry_date)
    union all
    select 'not_after_start', rowid
    from staged
    where is_not_after_start(start_date, expiry_date)
    union all
    select 'spaces', rowid
    from staged
    where contains(code, ' ') or code <> trim(code)
    union all
    select 'like_numbers', rowid
    from staged
    where is_like_a_number(code)
    union all
    select 'outside_dates', rowid
    from staged
    where redemption_time < start_date or redemption_time >= expiry_date
    union all
    select 'no_quantity', rowid
    from staged
    where redemption_quantity is null
    union all
    select 'only_case', min(rowid)
    from staged
    -- Where codes differ only by case, one of them has a lower-case letter.
    where
        (group_name, upper(code)) in (
            select (group_name, upper(code))
            from staged
            where code <> upper(code)
        )
    group by group_name, upper(code)
    having count(distinct code) > 1
)

select
    kind,
    count(*) as rows,
    list_slice(list(row_of(row) order by row), 1, 5) as first_rows,
    null as detail,
from odd
group by kind
union all
select
    'day_month',
    count(*),
    [],
    column_name,
from (
    unpivot (
        select
            max(day(start_date)) as "Start_Date",
            max(day(expiry_date)) as "Expiry_Date",
            max(day(redemption_time)) as "Redemption_Time",
        from staged
    )
    on "Start_Date", "Expiry_Date", "Redemption_Time"
    into name column_name value latest
)
where
    latest <= 12
    and not exists (
        from staged
        where
            greatest(day(start_date), day(expiry_date), day(redemption_time))
            > 12
    )
group by column_name
