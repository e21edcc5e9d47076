-- What a list of codes is compared with.

-- One row per chosen code, and per chosen redemption whose code is not stored.
create macro known_codes(f) as table
select code, prefix
from chosen_codes(f)
union all
select code, prefix
from chosen_transactions(f)
where not is_known;

-- One row per code and group that only chosen redemptions name, with its status
-- as of the moment and its first redemption until then.
create macro codes_of_redemptions(moment, f) as table
select
    code,
    coalesce(group_name, '(no group)') as group_name,
    status_of(
        moment,
        min(time) filter (code_deleted),
        min(time) filter (not cancelled),
        min(time) filter (cancelled),
        null,
        null
    ) as status,
    min(time) filter (not cancelled and time <= moment) as redeemed_at,
    arg_min_null(site_ref, (time, transaction_id)) filter (
        not cancelled and time <= moment
    ) as site,
from chosen_transactions(f)
where not is_known
group by code, coalesce(group_name, '(no group)');

-- What a code looks like without the zeros that a spreadsheet drops: looks() of
-- plain text is its upper case, and few codes begin with a zero. Both are told
-- sooner than they are done.
create macro looks_without_zeros(code) as
    case
        when strlen(code) <> length(code) or contains(code, ' ')
            then ltrim(looks(code), '0')
        when code < '1' then ltrim(upper(code), '0')
        else upper(code)
    end;

-- What all codes from the first to the last look like at the start, without
-- zeros. Up to a sign that is not plain, and not the last one before it, which
-- a sign that follows may change.
create macro start_of_looks(first_code, last_code) as
    ltrim(
        upper(
            left(
                regexp_extract(
                    left(
                        first_code,
                        list_max(
                            list_filter(
                                range(length(first_code) + 1),
                                lambda n:
                                left(first_code, n) = left(last_code, n)
                            )
                        )
                    ),
                    '^[!-~]*'
                ),
                -1
            )
        ),
        '0'
    );

-- One row per batch that may hold codes which look like one of these, as
-- looks_without_zeros has them.
create macro batches_alike(every_look) as table
with
    batches as (
        select batch, start_of_looks(first_code, last_code) as start_of_all,
        from batches_with_codes()
    )

select distinct batch
from batches
where
    len(
        list_filter(every_look, lambda look: starts_with(look, start_of_all))
    ) > 0;

-- One row per code of the table and text that is one letter off it: another one
-- of the letters, one more, one less, or two neighbours swapped.
create macro one_letter_off(codes, letters) as table
with
    places as (
        select code, unnest(range(length(code) + 1)) as place
        from query_table(codes)
    )

select
    code,
    left(code, place) || letter || substr(code, place + 2) as other,
from places, query_table(letters)
where place < length(code)
union all
select code, left(code, place) || letter || substr(code, place + 1)
from places, query_table(letters)
union all
select code, left(code, place) || substr(code, place + 2)
from places
where place < length(code)
union all
select
    code,
    left(code, place)
    || substr(code, place + 2, 1)
    || substr(code, place + 1, 1)
    || substr(code, place + 3),
from places
where place + 1 < length(code);

create macro without_blanks(text) as
    upper(regexp_replace(text, '[\s\p{Zs}]', '', 'g'));

-- How a typed code differs from a known one that looks like it; null where it
-- has lost no zero either.
create macro likeness_of(typed, known) as
    case
        when lower(upper(typed)) = lower(upper(known)) then 'case'
        when without_blanks(typed) = without_blanks(known) then 'blanks'
        when looks(typed) = looks(known) then 'invisible signs'
        when length(looks(known)) > length(looks(typed)) then 'lost zeros'
    end;

-- The verdict on a code by its status, in the words of the field.
create macro verdict_of(status) as
    case status
        when 'active' then 'not redeemed'
        when 'cancelled' then 'cancelled only'
        else status
    end;

-- Of a code with several verdicts the lowest place counts: a redemption is the
-- strongest news, then what may still be redeemed.
create macro place_of_verdict(verdict) as
    list_position(
        [
            'redeemed', 'cancelled only', 'not redeemed', 'scheduled',
            'expired', 'deleted'
        ],
        verdict
    );

-- Names in a sentence: Email, SMS and Newspaper.
create macro in_a_sentence(names) as
    array_to_string(list_slice(names, 1, -2), ', ')
    || if(len(names) > 1, ' and ', '')
    || names[-1];
