-- The names that the store has for filters, and what its prefixes tell of a
-- code.

-- One row per filter and name that a person sees, of the texts (null: of all).
create macro names_among(f, texts) as table
with
    kinds as (
        select
            folder,
            group_name,
            prefix,
            batch,
            redemption_type,
            item_code,
            null as campaign,
            null as site_ref,
        from vouchers.code_totals
        where is_seen(f, folder, group_name)
        union all
        select
            folder,
            group_name,
            prefix,
            batch,
            redemption_type,
            item_code,
            campaign_of(campaign_id, campaign_name),
            site_ref,
        from vouchers.site_totals
        where is_seen(f, folder, group_name)
    ),

    names as (
        select 'folder' as field, folder as name
        from kinds
        union
        select 'group', group_name
        from kinds
        union
        select 'prefix', prefix
        from kinds
        union
        select 'batch', batch
        from kinds
        union
        select 'type', redemption_type
        from kinds
        union
        select 'item', item_code
        from kinds
        union
        select 'campaign', campaign
        from kinds
        union
        select 'site', site_ref
        from kinds
    )

from names
where texts is null or list_contains(texts, name);

-- One row per prefix of known codes with which codes of another prefix, or of
-- none, may start too. By their first and last codes, so that some prefixes are
-- named in vain.
create macro overlapping_prefixes(f) as table
with
    kinds as (
        select
            coalesce(prefix, '(no prefix)') as value,
            min(first_code) as first_code,
            max(last_code) as last_code,
        from vouchers.code_totals
        where is_seen(f, folder, group_name) and not is_hidden(f, prefix)
        group by value, batch
    ),

    prefixes as (
        select distinct value as prefix
        from kinds
    )

select distinct prefix
from prefixes
join kinds
    on value <> prefix
    and last_code >= prefix
    and (first_code < prefix or starts_with(first_code, prefix));

-- One row per prefix of known codes.
create macro known_prefixes(f) as table
select distinct prefix
from vouchers.code_totals
where prefix is not null and is_seen(f, folder, group_name);

-- One row per prefix of known codes, or of an import, that is a code, begins
-- with one, or is so much of one that less than four characters are left.
create macro telling_prefixes(f) as table
with
    named as (
        select prefix
        from known_prefixes(f)
        union
        select prefix
        from vouchers.imports
        where prefix is not null
    ),

    short as (
        select code
        from seen_codes(f)
        where length(code) < (select max(length(prefix)) + 4 from named)
        union
        select code
        from vouchers.transactions
        where
            code_id is null
            and length(code) < (select max(length(prefix)) + 4 from named)
            and is_seen(f, folder, group_name)
    )

select prefix
from named
join (
    select left(code, length(code) - unnest([0, 1, 2, 3])) as prefix
    from short
) using (prefix)
union
select prefix
from (
    select prefix, left(prefix, unnest(range(1, length(prefix)))) as code
    from named
)
join short using (code);
