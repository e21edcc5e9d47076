-- How many of the chosen redemptions have each value of the column $column, or
-- where the totals know no more, a value between two (moments: microseconds
-- since 1970). queries/engine/steps.py finds a page by it.
-- One row per step, in order, missing values last; none where the redemptions
-- themselves would have to be compared.
with
    kinds as (
        select
            redemptions as rows,
            case $column
                when 'group_name' then group_name
                when 'campaign_id' then campaign_id
                when 'cancelled' then cancelled::varchar
                when 'code' then first_code
            end as first_text,
            if($column = 'code', last_code, first_text) as last_text,
            if($column = 'time', hour, null) as first_moment,
            first_moment + interval 1 hour - interval 1 microsecond
                as last_moment,
            if(
                $column = 'code',
                batch,
                coalesce(first_text, first_moment::varchar)
            ) as label,
        from chosen_redemption_totals($redemption_totals, $filters)
        where
            $column != 'code'
            or (first_code is not null and not $filters['masked'])
    )

from steps_of('kinds')
