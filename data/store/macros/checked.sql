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
