-- How many of the chosen codes have each value of the column $column, or where
-- the totals know no more, a value between two (moments: microseconds since
-- 1970). queries/engine/steps.py finds a page by it.
-- One row per step, in order, missing values last; none where the codes
-- themselves would have to be compared.
with
    kinds as (
        select
            codes as rows,
            case $column
                when 'group_name' then group_name
                when 'status' then status
                when 'folder' then folder
                when 'batch' then batch
                when 'code' then first_code
            end as first_text,
            if($column = 'code', last_code, first_text) as last_text,
            case $column
                when 'start_date' then start_date
                when 'expiry_date' then expiry_date
                when 'first_redeemed' then redeemed_day
            end as last_moment,
            -- The day of a redemption ends with the midnight after it.
            if(
                $column = 'first_redeemed',
                redeemed_day - interval 1 day + interval 1 microsecond,
                last_moment
            ) as first_moment,
            -- Few spans of codes: to merge those of all kinds takes seconds.
            if(
                $column = 'code',
                batch,
                coalesce(first_text, last_moment::varchar)
            ) as label,
        from chosen_code_totals($code_totals, $filters)
        where
            $column != 'code'
            or (first_code is not null and not $filters['masked'])
    )

from steps_of('kinds')
