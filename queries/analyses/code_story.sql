-- What happened to the code $code of the group $group_name, as the files say.
-- One row per event, oldest first; what has no time in the files comes last.
with
    dated as (
        from codes_named($filters, $code)
        where group_name = $group_name
    ),

    uses as (
        select
            *,
            row_number() over (
                order by time, not cancelled, transaction_id
            ) as nth,
        from redemptions_of_code($filters, $code, $group_name, $stored)
    ),

    -- Among events of the same time, place is their order.
    events as (
        select
            start_date as time,
            'started' as event,
            'Valid from then on' as detail,
            -1 as place,
        from dated
        where start_date <= $asof
        union all
        select expiry_date, 'expired', 'Not valid any more', 0
        from dated
        where expiry_date <= $asof
        union all
        select
            time,
            if(nth = 1, 'redeemed', 'redeemed again'),
            visit_in_words(
                from_codes_file, site_ref, campaign_id, campaign_name,
                early_start, late_expiry
            ),
            2 * nth,
        from uses
        union all
        select time, 'cancelled', at_no_known_time(), 2 * nth + 1
        from uses
        where cancelled
        union all
        select null, 'deleted', at_no_known_time(), 0
        from uses
        where code_deleted
        having count(*) > 0
    )

select time, event, detail
from events
order by time nulls last, place
limit $most
