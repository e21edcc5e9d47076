-- How a file's text becomes a value. strptime alone is too kind: it takes
-- 1/4/16 for a day of the year 16.
create macro stamp(text) as
    case
        when regexp_full_match(text, '\d\d/\d\d/\d{4} \d\d:\d\d(:\d\d)?')
            then try_strptime(text, ['%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S'])
    end;

create macro whole(text) as
    case when regexp_full_match(text, '\d+') then try_cast(text as bigint) end;

create macro yes_or_no(text) as
    case text when 'Yes' then true when 'No' then false end;

create macro is_blank(text) as coalesce(trim(text), '') = '';

-- There was a text, and no value came of it.
create macro is_lost(text, value) as text is not null and value is null;
