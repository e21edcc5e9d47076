-- Which of the store's totals can answer a choice, and which batches can hold
-- codes with a prefix: by the first and the last code of each kind.

-- Whether some of the codes from the first to the last may have one of the
-- chosen prefixes. Cheap, and mostly false: then no prefix is compared itself.
create macro is_near(choice, first_code, last_code) as
    last_code >= list_min(choice)
    and left(first_code, 1) <= left(list_max(choice), 1);

-- Like has_prefix, for all codes from the first to the last at once.
create macro have_prefix(choice, first_code, last_code, prefix) as
    choice is null
    or prefix = choice[1]
    or (
        starts_with(first_code, choice[1])
        and starts_with(last_code, choice[1])
    )
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: starts_with(first_code, p)
                        and starts_with(last_code, p)
                    )
                ) > 0
            )
        )
    );

-- Like lacks_prefix, for all codes from the first to the last at once.
create macro lack_prefix(excluded, first_code, last_code, prefix) as
    excluded is null
    or not coalesce(
        have_prefix(excluded, first_code, last_code, prefix), false
    );

-- Whether some of the codes from the first to the last may have a chosen
-- prefix.
create macro may_have_prefix(choice, first_code, last_code, prefix) as
    prefix = choice[1]
    or (
        last_code >= choice[1]
        and (first_code < choice[1] or starts_with(first_code, choice[1]))
    )
    or (prefix is null and list_contains(choice, '(no prefix)'))
    or (
        len(choice) > 1
        and (
            list_contains(choice, prefix)
            or (
                is_near(choice, first_code, last_code)
                and len(
                    list_filter(
                        choice,
                        lambda p: last_code >= p
                        and (first_code < p or starts_with(first_code, p))
                    )
                ) > 0
            )
        )
    );

-- Over kinds that may have codes with the prefixes: whether one of them may
-- have others too.
create macro any_in_part(choice, first_code, last_code, prefix) as
    coalesce(
        bool_or(
            not coalesce(
                have_prefix(choice, first_code, last_code, prefix), false
            )
        ),
        false
    );

create macro named_batches(batch) as
    coalesce(list(distinct coalesce(batch, '(no batch)')), []);

-- What the prefixes of a choice mean for each of the totals: whether they
-- divide a kind of it, and in which batches they can be.
-- One row.
create macro prefixes_in_totals(choice) as table
with
    of_codes as (
        select
            any_in_part(choice, first_code, last_code, prefix) as in_part,
            named_batches(batch) as batches,
        from vouchers.code_totals
        where
            choice is not null
            and may_have_prefix(choice, first_code, last_code, prefix)
    ),

    of_redemptions as (
        select
            any_in_part(
                choice, first_code, last_code, if(is_known, prefix, '')
            ) as in_part,
            named_batches(batch) as batches,
        from vouchers.redemption_totals
        where
            choice is not null
            and may_have_prefix(
                choice, first_code, last_code, if(is_known, prefix, '')
            )
    ),

    of_sites as (
        select
            any_in_part(
                choice, first_code, last_code, if(is_known, prefix, '')
            ) as in_part,
        from vouchers.site_totals
        where
            choice is not null
            and may_have_prefix(
                choice, first_code, last_code, if(is_known, prefix, '')
            )
    )

select
    of_codes.in_part as divide_codes,
    of_redemptions.in_part as divide_redemptions,
    of_sites.in_part as divide_sites,
    list_distinct(of_codes.batches || of_redemptions.batches) as batches,
from of_codes, of_redemptions, of_sites;

-- Which of the stored totals can answer a choice, and the batches that the
-- chosen prefixes can be in. The totals of codes hold days of redemptions, not
-- times: they cannot judge a status at a moment whose day has later ones.
-- plan_key() in queries/engine/totals.py keeps the filters that are read here.
-- One row.
create macro plan_of(f) as table
with
    chosen as (
        select
            not divide_codes
            and not exists (
                from vouchers.transactions
                where time > f['asof'] and time <= next_midnight(f['asof'])
            ) as code_totals,
            not divide_redemptions
            and f['site'] is null
            and f['campaign'] is null
            and f['status'] is null as redemption_totals,
            not divide_sites
            and f['status'] is null
            and f['from'] is null
            and f['until'] is null as site_totals,
            if(f['prefix'] is null, null, batches) as batches,
        from prefixes_in_totals(f['prefix'])
    ),

    narrowed as (
        select
            code_totals
            and not divide_codes
            and f['listed'] is null as code_totals,
            redemption_totals
            and f['listed'] is null
            and not divide_redemptions
            and not parts_codes(f)
            and f['status!'] is null
            and not chooses_dates(f) as redemption_totals,
            site_totals
            and f['listed'] is null
            and not divide_sites
            and f['status!'] is null
            and not chooses_dates(f) as site_totals,
            if(f['rest'] is null, chosen.batches, null) as batches,
        from chosen, prefixes_in_totals(f['prefix!'])
    )

from query_table(if(f['narrows'], 'narrowed', 'chosen'));

-- One row per batch that may hold the code: the code lies between the first and
-- the last one of a kind of code in it.
create macro batches_around(f, code) as table
select distinct coalesce(batch, '(no batch)') as batch
from vouchers.code_totals
where
    code between first_code and last_code
    and is_seen(f, folder, group_name);

-- One row per batch with its first and last code, one more where redemptions
-- name codes that are not stored.
create macro batches_with_codes() as table
select
    coalesce(batch, '(no batch)') as batch,
    min(first_code) as first_code,
    max(last_code) as last_code,
from vouchers.code_totals
group by batch
union all
select coalesce(batch, '(no batch)'), min(first_code), max(last_code)
from vouchers.redemption_totals
where not is_known
group by batch;

-- One row per batch that may hold codes which begin with one of the starts, or
-- are one of the points. A code with a blank in front may be any of them.
create macro batches_near(starts, points) as table
select distinct batch
from batches_with_codes()
where
    first_code < '!'
    or len(
        list_filter(
            starts,
            lambda s: last_code >= s
            and (first_code < s or starts_with(first_code, s))
        )
    ) > 0
    or len(
        list_filter(points, lambda p: p between first_code and last_code)
    ) > 0;
