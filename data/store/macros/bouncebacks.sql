-- Bouncebacks: codes that guests were given for redeeming another one. The
-- parent_code of such a child names that other code, its parent.

-- Of the codes that a parent code may name, the better ones come first: one
-- that was redeemed by the day on which the child starts, then one of the
-- child's own group.
create macro parent_order(child_start, child_group, redeemed, group_name) as
    {
        'is_later': coalesce(
            date_trunc('day', redeemed) > child_start, redeemed is null
        ),
        'is_elsewhere': group_name <> child_group,
        'group_name': group_name
    };

-- One row per code that the person may see and whose parent is such a code too,
-- whatever is chosen. No code is its own parent.
create macro known_parents(f) as table
with
    children as (
        select code_id, group_name, parent_code, start_date
        from seen_codes(f)
        where parent_code is not null
    )

select
    children.code_id,
    arg_min(
        {
            'parent_id': parents.code_id,
            'trigger_group': parents.group_name,
            'parent_redeemed': parents.first_redeemed,
            'is_bounceback': parents.parent_code is not null
        },
        parent_order(
            children.start_date, children.group_name, parents.first_redeemed,
            parents.group_name
        )
    ) as parent,
from children
join seen_codes(f) as parents
    on parents.code = children.parent_code
    and parents.code_id <> children.code_id
group by all;

-- One row per chosen code with a parent code: its parent, if known, and as
-- of the moment whether the child was redeemed or can still be, how many days
-- after its parent, if that was redeemed too, its age in whole days, and its
-- age at its first redemption.
create macro bouncebacks(f, moment) as table
select
    code_id,
    parent.parent_id as parent_id,
    parent.trigger_group as trigger_group,
    group_name,
    coalesce(first_redeemed <= moment, false) as is_redeemed,
    status in ('active', 'scheduled') as is_running,
    age_of(start_date, moment) as age,
    if(is_redeemed, age_of(start_date, first_redeemed), null) as redeemed_age,
    if(
        first_redeemed <= moment and parent.parent_redeemed <= moment,
        epoch(first_redeemed - parent.parent_redeemed) / 86400,
        null
    ) as days,
from judged_codes(moment, f)
left join known_parents(f) using (code_id)
where parent_code is not null;
