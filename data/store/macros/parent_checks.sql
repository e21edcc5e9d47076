-- Checks of bouncebacks: whether the code that triggered a code is there, and
-- was redeemed. A parent is any code with its text, of all groups that may be
-- seen.

-- What is known of a parent, of all stored codes with its text: that there is
-- none, or the best that one of them came to.
create macro parent_state(scans, first_cancelled) as
    case
        when count(*) = 0 then 'not_loaded'
        when bool_or(scans > 0) then 'redeemed'
        when bool_or(first_cancelled is not null) then 'cancelled'
        else 'not_redeemed'
    end;

-- One row per chosen code with a parent, with the state of that.
create macro children(f) as table
with
    of_parents as (
        from chosen_codes(f)
        where parent_code is not null
    ),

    parents as (
        select
            code as parent_code,
            parent_state(scans, first_cancelled) as parent,
        from seen_codes(f)
        where code in (select parent_code from of_parents)
        group by code
    )

select of_parents.*, coalesce(parents.parent, 'not_loaded') as parent,
from of_parents
left join parents using (parent_code);

-- One row per chosen code whose parent is so.
create macro check_parent(f, state) as table
from children(f)
where parent = state;

-- One row per chosen code that is its own parent, or that of a parent, in at
-- most 100 steps. Only codes that have a parent and are one can be in a circle.
create macro check_parent_cycle(f) as table
with recursive
    every as (
        select distinct code, parent_code
        from seen_codes(f)
        where parent_code is not null
    ),

    links as (
        from every
        where
            code in (select parent_code from every)
            and parent_code in (select code from every)
    ),

    walks as (
        select code as start, parent_code as reached, 1 as steps,
        from links
        union
        select start, links.parent_code, steps + 1,
        from walks
        join links on links.code = walks.reached
        where reached <> start and steps < 100
    )

from chosen_codes(f)
where
    parent_code is not null
    and code in (select start from walks where reached = start);
