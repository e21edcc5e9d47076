-- What the store knows of one code. Redemptions without a group are of
-- '(no group)', as in the filters. Those whose code no codes file has brought
-- take long to be looked through by their codes, on large stores: is_stored
-- says that there is a codes file of the code (true), that there is none
-- (false), or that nobody has looked (null).

-- One row per chosen redemption of a code that no codes file has brought.
create macro redemptions_without_code(f, text) as table
select *, coalesce(group_name, '(no group)') as named_group,
from chosen_transactions(f)
where code_id is null and code = text;

-- One row per chosen redemption of the code of a group. By the number of the
-- code: numbers are compared far sooner than texts.
create macro redemptions_of_code(f, text, in_group, is_stored) as table
with
    known as (
        select *, group_name as named_group,
        from chosen_transactions(f)
        where
            code_id in (
                select code_id
                from chosen_codes(f)
                where code = text and group_name = in_group
            )
    ),

    unknown as (
        from redemptions_without_code(f, text)
        where named_group = in_group
    ),

    either as (
        from known
        union all
        from unknown
    )

-- DuckDB plans only the one that is named.
from query_table(
    case
        when is_stored is null then 'either'
        when is_stored then 'known'
        else 'unknown'
    end
);

-- One row per group that has the code, and whether a codes file has brought it.
create macro groups_of(f, text, is_stored) as table
with
    known as (
        select group_name, true as is_stored
        from chosen_codes(f)
        where code = text
    ),

    unknown as (
        select distinct named_group as group_name, false as is_stored
        from redemptions_without_code(f, text)
    ),

    either as (
        from known
        union all
        from unknown
    )

from query_table(
    case
        when is_stored is null then 'either'
        when is_stored then 'known'
        else 'unknown'
    end
);

-- One row per hour and kind of redemptions among which there may be one of the
-- code, without a codes file of it.
create macro hours_without_code(f, text) as table
select hour
from vouchers.redemption_totals
where
    not is_known
    and text between first_code and last_code
    and is_seen(f, folder, group_name);

-- One row per import that brought the code of a group, one of its redemptions
-- or a change of them, and per way in which it did. Imports are of no group, so
-- only who sees all rows is told; of f only the batches and the period count,
-- which leave fewer rows to look through.
create macro imports_of(f, text, in_group, is_stored) as table
with
    own_code as (
        select code_id, import_id
        from vouchers.codes
        where
            code = text
            and group_name = in_group
            and is_chosen(f['batch'], batch, '(no batch)')
    ),

    known as (
        select import_id, 'new transactions' as change
        from vouchers.transactions
        where
            code_id in (select code_id from own_code) and not from_codes_file
    ),

    unknown as (
        select import_id, 'new transactions' as change
        from vouchers.transactions
        where
            code_id is null
            and code = text
            and coalesce(group_name, '(no group)') = in_group
            and is_between(f['from'], f['until'], time)
    ),

    either as (
        from known
        union all
        from unknown
    ),

    every as (
        select import_id, 'new codes' as change
        from own_code
        union
        from query_table(
            case
                when is_stored is null then 'either'
                when is_stored then 'known'
                else 'unknown'
            end
        )
        union
        select import_id, change
        from vouchers.changes
        where code = text and coalesce(group_name, '(no group)') = in_group
    )

from every
where sees_all(f);

-- Where a redemption was, and what is unusual about it, in words.
create macro visit_in_words(
    from_codes_file, site, id, name, early_start, late_expiry
) as
    concat_ws(
        ', ',
        case
            when from_codes_file then 'By the codes file, which names no site'
            when site is null then 'At no named site'
            else 'At ' || site
        end,
        'in the campaign ' || coalesce(name, id),
        if(early_start is null, null, 'before its start'),
        if(late_expiry is null, null, 'after its expiry')
    );

create macro at_no_known_time() as
    'Some time later: the export does not have when';
