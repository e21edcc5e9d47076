-- What a person may see. f is the struct of Filters.parameters() in
-- queries/filters.py. The chosen rows (chosen_codes and its like) are of groups
-- and folders that the person sees: only queries of other rows need is_seen().

-- Whether a person sees rows of the folder and group.
create macro is_seen(f, folder, group_name) as
    is_chosen(f['groups'], group_name, '(no group)')
    and is_chosen(f['folders'], folder, '(no folder)');

-- Imports are of no group: only who sees all rows sees them.
create macro sees_all(f) as f['groups'] is null and f['folders'] is null;

-- Always as many dots, whatever they stand for.
create macro dots() as '•••••';

-- Whether a prefix would show a person more of a code than its mask does: one
-- of f['hidden'], and every prefix while that has not been looked up (null).
create macro is_hidden(f, prefix) as
    f['masked']
    and prefix is not null
    and coalesce(list_contains(f['hidden'], prefix), true);

create macro shown_prefix(f, prefix) as
    if(is_hidden(f, prefix), dots(), prefix);

-- How many characters a mask leaves at the start of a code: those of its
-- prefix, else three, but at least four others stay hidden.
create macro open_characters(f, code, prefix) as
    greatest(
        0,
        least(
            if(
                starts_with(code, prefix) and not is_hidden(f, prefix),
                length(prefix),
                3
            ),
            length(code) - 4
        )
    );

-- A code as the person may see it: NOV26E•••••8Q. The last two characters stay
-- only where four others are hidden.
create macro shown_code(f, code, prefix) as
    if(
        f['masked'],
        left(code, open_characters(f, code, prefix))
        || dots()
        || if(
            length(code) - open_characters(f, code, prefix) >= 6,
            right(code, 2),
            ''
        ),
        code
    );

-- An ID that may have the code in it.
create macro shown_id(f, id, code) as
    if(f['masked'] and contains(lower(id), lower(code)), dots(), id);

-- One row per code that the person may see, whatever is chosen.
create macro seen_codes(f) as table
from vouchers.codes
where is_seen(f, folder, group_name);
