-- How a file's text becomes a value.

-- A file of Voucher Manager, every column as text: sniffing turns the code 1E5
-- into 100000. new_line is left out: with '\r\n' given, DuckDB 2.0 reads no
-- row at all and calls it a success. A named argument must not have the name of
-- a parameter of the macro.
-- One row per row of the file, in its order.
create macro csv_file(file, names) as table
from read_csv(
    file,
    columns = names,
    auto_detect = false, header = true, strict_mode = true,
    compression = 'none',
    delim = ',', quote = '"', escape = '"', comment = ''
);

-- strptime alone is too kind: it takes 1/4/16 for a day of the year 16.
create macro stamp(text) as
    case
        when
            regexp_full_match(
                text, '\d\d/\d\d/(19|[2-9]\d)\d\d \d\d:\d\d(:\d\d)?'
            )
            then try_strptime(text, ['%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S'])
    end;

create macro whole(text) as
    case when regexp_full_match(text, '\d{1,9}') then cast(text as bigint) end;

create macro yes_or_no(text) as
    case text when 'Yes' then true when 'No' then false end;

create macro is_blank(text) as coalesce(trim(text, e' \t\r\n'), '') = '';

-- There was a text, and no value came of it.
create macro is_lost(text, value) as text is not null and value is null;

-- 1.23E+19: what a spreadsheet makes of a code of many digits. Not 1E5, which
-- is a code like any other.
create macro is_excel_number(text) as
    regexp_full_match(text, '\d([.,]\d+)?E\+\d+');

-- The number of a staged row in its file, from 0, by its rowid.
create macro row_of(id) as id - getvariable('first_row')::bigint;

-- A file's name without its date and the number of its copy. Not any eight
-- digits: batches have numbers too.
create macro undated(name) as
    regexp_replace(
        name,
        '(19|20)\d\d[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])'
        || '|(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.](19|20)\d\d'
        || '|\s*\(\d+\)',
        '',
        'g'
    );

-- What all rows of a batch have in common; never null, so that it can be
-- compared.
create macro kind_of(folder, group_name, batch) as
    (coalesce(folder, ''), coalesce(group_name, ''), coalesce(batch, ''));
