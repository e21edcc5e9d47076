-- Periods of charts over time: hours, days, weeks from Monday, months or years.

create macro first_period(f, grain, earliest) as
    coalesce(date_trunc(grain, f['from']::timestamp), earliest)::timestamp;

create macro last_period(f, grain, latest) as
    coalesce(
        date_trunc(grain, f['until']::timestamp - interval 1 microsecond),
        latest
    )::timestamp;

-- The periods from the first to the last of a choice; without chosen dates from
-- the earliest to the latest given. Null where they are more than `most`.
create macro periods_of(f, grain, earliest, latest, most) as
    if(
        date_diff(
            grain,
            first_period(f, grain, earliest),
            last_period(f, grain, latest)
        ) <= most,
        generate_series(
            first_period(f, grain, earliest),
            last_period(f, grain, latest),
            ('1 ' || grain)::interval
        ),
        null
    );

-- Whether a period lies inside the chosen dates and is over.
create macro is_whole(f, grain, period, data_until) as
    period >= coalesce(f['from']::timestamp, period)
    and period + ('1 ' || grain)::interval
    <= least(data_until, f['until']::timestamp);
