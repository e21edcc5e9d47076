-- How a file's text becomes a value.

-- strptime alone accepts too much: it takes 1/4/16 for a day of the year 16.
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

-- Whether a text has a character that is invisible or looks like a blank and is
-- none (format and control characters, all blanks but the plain one, fillers
-- and variation selectors), or begins or ends with a blank.
create macro has_hidden_signs(text) as
    regexp_matches(
        text,
        '[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\x{A0}\x{1680}\x{2000}-\x{200A}'
        || '\x{202F}\x{205F}\x{3000}\x{34F}\x{115F}\x{1160}\x{17B4}'
        || '\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}'
        || '\x{FFA0}\x{2065}\x{FFF0}-\x{FFF8}\x{E0100}-\x{E01EF}]|^ | $'
    );

-- Whether a text has visible ASCII only.
create macro is_plain(text) as
    strlen(text) = length(text) and not regexp_matches(text, '[^!-~]');

-- A text without hidden characters, blanks and case: codes that look alike are
-- equal.
create macro looks(text) as
    upper(
        if(
            is_plain(text),
            text,
            regexp_replace(
                nfc_normalize(text),
                '[\p{Cf}\p{Cc}\p{Zs}\p{Zl}\p{Zp}\x{34F}\x{115F}\x{1160}'
                || '\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}'
                || '\x{FE00}-\x{FE0F}\x{FFA0}\x{2065}\x{FFF0}-\x{FFF8}'
                || '\x{E0100}-\x{E01EF}]',
                '',
                'g'
            )
        )
    );

-- The digits of a text: the same for all that look alike.
create macro digits(text) as regexp_replace(text, '[^0-9]', '', 'g');

-- Bytes first: they are known, while characters are counted.
create macro is_longer(text, characters) as
    strlen(text) > characters and length(text) > characters;

-- Whether there is a text that could not be read as a value.
create macro is_lost(text, value) as text is not null and value is null;

-- 1.23E+19: what a spreadsheet makes of a code of many digits. Not 1E5, which
-- is a code like any other.
create macro is_excel_number(text) as
    regexp_full_match(text, '\d([.,]\d+)?E\+\d+');

-- A code that a download shows in part only: dots() in access.sql.
create macro is_masked(text) as coalesce(contains(text, '•••••'), false);

-- The same as other programs write it. It may be a code after all.
create macro is_like_a_number(text) as
    text >= '0'
    and text < ':'
    and (contains(text, 'e+') or contains(text, '.') or contains(text, ','))
    and regexp_full_match(text, '\d([.,]\d+)?e\+\d+|\d[.,]\d+[eE]\d+');

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

-- The value that all rows have, none left out; null where there is no such one.
create macro the_one(value) as
    if(
        count(value) = count(*) and min(value) = max(value), min(value), null
    );

-- What all rows of a batch have in common; never null, so that it can be
-- compared.
create macro kind_of(folder, group_name, batch) as
    (coalesce(folder, ''), coalesce(group_name, ''), coalesce(batch, ''));
