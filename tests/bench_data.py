"""The files of a made-up chain at any scale, for the benchmark.

The shape is that of data/sample.py, made by DuckDB instead of Python: five groups, fourteen
folders over one year, 428 batches, 400 sites. Every row follows from its number by hashing,
so a scale always gives the same files, and no step holds more than a few batches of rows.

Real files come one batch or folder at a time, and the scope of each is said at its import.
Hundreds of imports would take hours at the large scales, so here one large file of each kind
is imported without a scope; `say_scope` then writes folder, prefix and batch into the tables,
as hundreds of imports would have. Nothing else about a store is made by hand.
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from data.store import Store, script

SCALES = {"100k": 10**5, "1M": 10**6, "10M": 10**7, "100M": 10**8}
EDITION = 1  # of this file: other rows, another number
LAST_DAY = date(2025, 12, 31)  # on which the files were exported

# What the benchmark narrows its pages to: a large group, a folder with all groups, and so on.
GROUP, FOLDER, PREFIX, BATCH, SITE = "Email", "May 2025", "MAY25E", "1170", "Site113"
FIRST, LAST = date(2025, 5, 1), date(2025, 5, 31)

MACROS = """
-- 0 <= dice < 1, always the same for the same row and purpose
create macro dice(i, purpose) as (hash(i, purpose) >> 11) / 9007199254740992;

-- Nothing to misread, as in data/sample.py.
create macro letter(n) as substr('23456789BCDEFGHJKLMNPQRSTVWXYZ', 1 + (n % 30)::int, 1);

-- 270,001 has no divisor in common with 30 ** 4: no two of 810,000 rows get the same letters.
create macro four_letters(i) as
    letter(i * 270001) || letter(i * 270001 // 30)
    || letter(i * 270001 // 900) || letter(i * 270001 // 27000);

create macro stamp_text(value) as strftime(value, '%d/%m/%Y %H:%M');

-- Busy at first, then less and less; every third guest of a Sunday to Thursday waits for
-- Friday or Saturday. A code that expires before then is used on its last day.
create macro day_of_use(use, start, expiry) as (
    with plain as (
        select start + floor((expiry - start) * dice(use, 'day') ** 1.7)::int as day
    )
    select least(
        expiry - 1,
        if(
            isodow(day) not in (5, 6) and dice(use, 'wait') < 0.33,
            day + (4 + (dice(use, 'saturday') < 0.5)::int - isodow(day) + 7)::int % 7,
            day
        )
    )
    from plain
);

create macro time_of_use(use, start, expiry) as
    day_of_use(use, start, expiry)::timestamp
    + to_minutes(
        60 * [11, 12, 12, 12, 12, 13, 13, 13, 13, 13, 14, 14, 14, 15, 16, 17, 17, 18, 18, 18,
              18, 18, 19, 19, 19, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 22]
            [1 + floor(36 * dice(use, 'hour'))::int]
        + floor(60 * dice(use, 'minute'))::int
    );

-- Some of the 400 sites are busy, many are not, and a till in a thousand does not say.
create macro site_number(use) as 1 + floor(400 * dice(use, 'site') ** 2)::int * 7 % 400;
create macro site_of_use(use) as
    if(dice(use, 'blank') < 0.001, null, 'Site' || lpad(site_number(use)::varchar, 3, '0'));

-- Sites 12 and 35 cancel four times as often as the others.
create macro is_cancelled(use, rate) as
    dice(use, 'cancelled') < rate * if(site_number(use) in (12, 35), 4, 1);
create macro is_tried_again(use) as dice(use, 'again') < 0.25;
"""

BATCHES = """
create table folders as
select
    row_number() over (order by start, name) - 1 as number,
    *,
from (
    select
        monthname(month) || ' ' || year(month) as name,
        strftime(month, '%b%y').upper() as short,
        month::date as start,
        (month + interval 1 month)::date + 13 as expiry,
    from generate_series(date '2025-01-01', date '2026-01-01', interval 1 month) as t(month)
    union all
    select 'Christmas 2025', 'CHR25', date '2025-11-01', date '2026-02-01'
);

create table channels as
from (
    values
        ('Email', '{short}E', 0.235, 0.035, null),
        ('SMS', '0{yymm}', 0.365, 0.035, null),
        ('Social', '{short}S', 0.1, 0.1, null),
        ('Receipt bounceback', '{short}B', 0.5, 0.03, 'Crème brûlée, on us'),
        ('Newspaper', '{yymm}E', 0, 0.03, 'Two for one')
) as t(name, prefix, uptake, cancelled, campaign);

-- 400 batches of single-use codes in order of time, then two newspapers a folder, each with
-- three codes that are used thousands of times.
create table batches as
with
    numbered as (
        select
            n,
            n >= 400 as is_newspaper,
            if(is_newspaper, (n - 400) // 2, n * 14 // 400) as folder_number,
            if(
                is_newspaper,
                'Newspaper',
                ['Email', 'SMS', 'Email', 'Receipt bounceback', 'Email', 'SMS', 'Social']
                    [1 + (n * 14 % 400 // 14) % 7]
            ) as group_name,
        from range(428) as t(n)
    )

select
    n,
    (1041 + n)::varchar as batch,
    letter(n // 30) || letter(n) as mark,
    folders.name as folder,
    group_name,
    replace(
        replace(channels.prefix, '{short}', short), '{yymm}', strftime(start, '%y%m')
    ) as prefix,
    start,
    expiry,
    uptake,
    cancelled,
    'C' || (1041 + n) as campaign_id,
    campaign || ', ' || folders.name as campaign,
    ['Item', 'Item', 'Discount', 'Payment'][1 + n % 4] as redemption_type,
    [1, 2, 1, 1][1 + n % 4] as quantity,
    ['10000056168', '10000071935', '17', '42'][1 + n % 4] as item_code,
from numbered
join folders on folders.number = folder_number
join channels on channels.name = group_name
order by n;
"""

# One code in 301 is a ghost: it is used, and no codes file has it.
ISSUED = """
create table numbers as select i, from range($scale + $scale // 300) as t(i);

create view issued as
select
    i,
    batches.* exclude (start, expiry),
    i % 301 = 300 as is_ghost,
    prefix || mark || four_letters(i) as code,
    if(
        group_name = 'Receipt bounceback',
        start + floor((expiry - start) * dice(i, 'start') * 0.6)::int,
        start
    ) as start,
    if(group_name = 'Receipt bounceback', batches.start + 28, expiry) as expiry,
    time_of_use(i, issued.start, issued.expiry) as time,
from numbers
join batches on
    batches.n = if(i < 84, 400 + i // 3, (i - 84) * 400 // ($scale + $scale // 300 - 84));
"""
