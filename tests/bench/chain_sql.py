"""SQL that makes the files of the made-up chain, and writes their scope into a store."""

MACROS = """
-- 0 <= dice < 1, always the same for the same row and purpose.
-- Hashed twice: hashes of one row for two purposes are not independent of each other.
create macro dice(row, purpose) as (hash(hash(row, purpose)) >> 11) / 9007199254740992;

-- Nothing to misread, as in data/sample.py.
create macro letter(n) as
    substr('23456789BCDEFGHJKLMNPQRSTVWXYZ', 1 + (n % 30)::int, 1);

-- 270,001 shares no divisor with 30: no two of 810,000 rows get the same.
create macro four_letters(i) as
    letter(i * 270001) || letter(i * 270001 // 30)
    || letter(i * 270001 // 900) || letter(i * 270001 // 27000);

create macro stamp_text(value) as strftime(value, '%d/%m/%Y %H:%M');
"""

BATCHES = """
-- One row per folder: thirteen months and a season, in order of time.
create table folders as
select row_number() over (order by opens, folder) - 1 as number, *,
from (
    select
        monthname(month) || ' ' || year(month) as folder,
        upper(strftime(month, '%b%y')) as short,
        month::date as opens,
        (month + interval 1 month)::date + 13 as closes,
    from generate_series(date '2025-01-01', date '2026-01-01', interval 1 month) as t(month)
    union all
    select 'Christmas 2025', 'CHR25', date '2025-11-01', date '2026-02-01'
);

-- One row per group, with how its guests behave.
create table channels as
from (
    values
        ('Email', '{short}E', 0.235, 0.04, null),
        ('SMS', '0{yymm}', 0.365, 0.045, null),
        ('Social', '{short}S', 0.1, 0.1, null),
        ('Receipt bounceback', '{short}B', 0.5, 0.03, 'Crème brûlée, on us'),
        ('Newspaper', '{yymm}E', 0, 0.03, 'Two for one')
) as t(group_name, prefix, uptake, cancel_rate, offer);

-- One row per batch: 400 of single-use codes, as large as the scale makes them, then two
-- newspapers a folder with three codes each that are used many times. The mark, part of
-- each code, tells its batch.
create table batches as
with
    numbered as (
        select
            n,
            if(n < 400, n * 14 // 400, (n - 400) // 2) as number,
            case
                when n < 400
                    then ['Email', 'SMS', 'Email', 'Receipt bounceback',
                          'Email', 'SMS', 'Social'][1 + n % 7]
                else 'Newspaper'
            end as group_name,
        from range(428) as t(n)
    )

select
    n,
    (1041 + n)::varchar as batch,
    letter(n // 30) || letter(n) as mark,
    folder,
    group_name,
    replace(replace(prefix, '{short}', short), '{yymm}', strftime(opens, '%y%m')) as prefix,
    opens,
    closes,
    uptake,
    cancel_rate,
    if(offer is null, null, 'C' || batch) as campaign_id,
    offer || ', ' || folder as campaign,
    ['Item', 'Item', 'Discount', 'Payment'][1 + n % 4] as redemption_type,
    [1, 2, 1, 1][1 + n % 4] as quantity,
    ['10000056168', '10000071935', '17', '42'][1 + n % 4] as item_code,
from numbered
join folders using (number)
join channels using (group_name)
order by n;
"""
# One code in 301 is a ghost: it is used, and no codes file has it.
VISITS = """
-- One row per code and its only use, then one per further use of a newspaper's code.
create table visits as
select
    use,
    if(use < total, use, floor(84 * dice(use, 'code')))::bigint as i,
    if(i < 84, 400 + i // 3, (i - 84) * 400 // (total - 84)) as n,
from
    (select $codes::bigint + $codes // 300 as total),
    range($codes::bigint + $codes // 300 + $codes::bigint * 95 // 1000) as t(use);

-- The same with all that is known of it: redeemed on busy days and at busy hours, often
-- soon after the start, at sites of which some are busy and two cancel too much.
create view told as
select
    use,
    i,
    batches.*,
    prefix || mark || four_letters(i) as code,
    i % 301 = 300 as is_ghost,
    group_name = 'Receipt bounceback' as is_bounceback,
    opens + if(is_bounceback, (20 * dice(i, 'parent'))::int, 0) as starts,
    starts + if(is_bounceback, 28, closes - opens)::int as expires,
    starts + floor((expires - starts) * dice(use, 'day') ** 1.7)::int as plain_day,
    isodow(plain_day) in (5, 6) or dice(use, 'can wait') < 0.67 as is_that_day,
    5 + (dice(use, 'saturday') < 0.5)::int as better_day,
    if(
        is_that_day,
        plain_day,
        least(expires - 1, plain_day + (better_day - isodow(plain_day) + 7)::int % 7)
    ) as day,
    [11, 12, 12, 12, 12, 13, 13, 13, 13, 13, 14, 14, 14, 15, 16, 17, 17, 18,
     18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 22]
        [1 + floor(36 * dice(use, 'hour'))::int] as hour,
    day::timestamp + to_minutes(60 * hour + floor(60 * dice(use, 'minute'))::int) as time,
    1 + floor(400 * dice(use, 'site') ** 1.5)::int * 7 % 400 as site,
    if(dice(use, 'no site') < 0.001, null, 'Site' || lpad(site::varchar, 3, '0')) as site_ref,
    dice(use, 'cancelled') < cancel_rate * if(site in (12, 35), 4, 1) as cancelled,
    cancelled and dice(use, 'again') < 0.25 as is_tried_again,
    (use <> i or is_ghost or dice(use, 'used') < uptake)
    and time < timestamp '2025-12-31' as is_used,
from visits
join batches using (n);
"""

CODES = """
-- Every $every-th code, which expires $later days later than at first.
copy (
    select
        code as "Code",
        group_name as "Group_Name",
        stamp_text(starts) as "Start_Date",
        stamp_text(expires + $later::int) as "Expiry_Date",
        redemption_type as "Aztec_Redemption_Type",
        quantity as "Aztec_Redemption_Quantity",
        item_code as "Aztec_Item_Code",
        if(is_bounceback, 'E' || substr(code, 2), null) as "Parent_Code",
        if(is_used and (not cancelled or is_tried_again), stamp_text(time), null)
            as "Redemption_Time",
    from told
    where use = i and not is_ghost and i % $every = 0
) to $file (format csv, header);
"""
# One redemption in a hundred is lost: only the codes file knows of it.
TRANSACTIONS = """
copy (
    select
        'DF9AF431-5056-A607-F941-' || lpad(hex(id * 10000000019 % 281474976710656), 12, '0')
            as "Transaction_ID",
        stamp_text(time) as "Time",
        code as "Code",
        group_name as "Group_Name",
        campaign_id as "Campaign_ID",
        campaign as "Campaign_Name",
        site_ref as "Site_Ref",
        if(cancelled, 'Yes', 'No') as "Cancelled",
        if(dice(i, 'deleted') < 0.006 and use = i, 'Yes', 'No') as "Code Deleted",
    from (
        select *, 2 * use as id,
        from told
        where is_used and not (dice(use, 'lost') < 0.01 and not cancelled and use = i)
        union all by name
        select
            * replace (
                time + to_minutes(2 + floor(48 * dice(use, 'wait'))::int) as time,
                false as cancelled
            ),
            2 * use + 1 as id,
        from told
        where is_used and is_tried_again
    ) as sold
    order by opens, folder, sold.time, id
) to $file (format csv, header);
"""

ALIKE = """
-- Codes of a batch that are all alike, $codes of them.
copy (
    select
        $prefix || lpad(i::varchar, 8, '0') as "Code",
        $group as "Group_Name",
        '01/05/2025 00:00' as "Start_Date",
        '14/06/2025 00:00' as "Expiry_Date",
        'Item' as "Aztec_Redemption_Type",
        1 as "Aztec_Redemption_Quantity",
        '10000056168' as "Aztec_Item_Code",
        null as "Parent_Code",
        null as "Redemption_Time",
    from range($codes) as t(i)
) to $file (format csv, header);
"""

ALIKE_REDEEMED = """
-- What became of them: a third was redeemed, in the six weeks that they were good for.
copy (
    select
        'DF9AF431-5056-A607-F942-' || substr(md5($prefix || i), 1, 12) as "Transaction_ID",
        stamp_text(timestamp '2025-05-01' + to_minutes((60000 * dice(i, 'minute'))::int))
            as "Time",
        $prefix || lpad(i::varchar, 8, '0') as "Code",
        $group as "Group_Name",
        null as "Campaign_ID",
        null as "Campaign_Name",
        'Site' || lpad((1 + floor(400 * dice(i, 'site')))::int::varchar, 3, '0') as "Site_Ref",
        if(dice(i, 'cancelled') < 0.04, 'Yes', 'No') as "Cancelled",
        'No' as "Code Deleted",
    from range($codes) as t(i)
    where dice(i, 'used') < 0.35
) to $file (format csv, header);
"""

SCOPE_OF_BATCHES = "copy (select mark, folder, prefix, batch from batches) to $file (header)"

WITHOUT_SCOPE = """
alter table vouchers.codes rename to codes_without_scope;
alter table vouchers.transactions rename to transactions_without_scope;
"""

WITH_SCOPE = """
create temp table scope as from read_csv($file, header = true, all_varchar = true);

insert into vouchers.codes by name
select known.* replace (scope.folder as folder, scope.prefix as prefix, scope.batch as batch)
from vouchers.codes_without_scope as known
join scope on scope.mark = known.code[-6:-5];

-- Transactions come one folder at a time. Those of no stored code keep that alone.
insert into vouchers.transactions by name
select known.* replace (
    if(from_codes_file, null, scope.folder) as own_folder,
    scope.folder as folder,
    if(code_id is null, null, scope.prefix) as prefix,
    if(code_id is null, null, scope.batch) as batch
)
from vouchers.transactions_without_scope as known
join scope on scope.mark = known.code[-6:-5];

drop table temp.scope;
drop table vouchers.codes_without_scope;
drop table vouchers.transactions_without_scope;
checkpoint vouchers;
"""
