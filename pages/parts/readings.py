"""Each chart's one-sentence reading, from its numbers."""

import pandas as pd

from pages.parts.charts import PERIOD_FORMATS, WEEKDAYS, enough
from pages.parts.once import once
from pages.parts.words import percent, plural, whole

NOTHING = "There is no redemption among what is chosen."


@once
def over_time(found: pd.DataFrame, grain: str) -> str:
    """The strongest period, and what cancelled means here."""
    net, cancelled = int(found["net"].sum()), int(found["cancelled"].sum())
    if net + cancelled == 0:
        return NOTHING
    best = found.iloc[int(found["net"].argmax())]
    when = best["period"].strftime(PERIOD_FORMATS[grain])
    pale = " Pale bars are not whole." if not found["whole"].all() else ""
    return (
        f"{plural(net, 'net redemption')}, the most ({whole(best['net'])}) in the {grain} "
        f"{when.removeprefix('week of ')}; {whole(cancelled)} cancelled, "
        f"shown when they were redeemed.{pale}"
    )


@once
def rate_over_time(found: pd.DataFrame, grain: str) -> str:
    """The rate over all periods, and where it was highest among those with enough to tell."""
    found = found.assign(redemptions=found["net"] + found["cancelled"])
    cancelled, redemptions = found["cancelled"].sum(), int(found["redemptions"].sum())
    if not redemptions:
        return NOTHING
    if not cancelled:
        return "Nothing was cancelled here."
    said = f"{percent(cancelled / redemptions)} of {plural(redemptions, 'redemption')}"
    worst, among = _worst(found, grain)
    when = worst["period"].strftime(PERIOD_FORMATS[grain]).removeprefix("week of ")
    if not worst["cancelled"]:
        return f"{said} were cancelled, none of them{among}."
    return (
        f"{said} were cancelled; the {grain} {when} had the highest rate{among}: "
        f"{percent(worst['cancellation_rate'])} of {whole(worst['redemptions'])}."
    )


@once
def uptake_by_group(found: pd.DataFrame) -> str:
    """The group with the best rate."""
    rated = found.dropna(subset=["redemption_rate"])
    if rated.empty:
        return "There is no code among what is chosen."
    best = rated.iloc[0]
    if not best["redemption_rate"]:
        return "None of the chosen codes has been redeemed."
    first, are_several = _first(rated["group_name"], rated["redemption_rate"], "group")
    if are_several:
        return f"{first} {percent(best['redemption_rate'])} of their codes redeemed."
    return (
        f"{first} {percent(best['redemption_rate'])} of {plural(best['codes_issued'], 'code')} "
        f"redeemed ({plural(best['net'], 'net redemption')})."
    )


@once
def by_site(found: pd.DataFrame) -> str:
    """The strongest site and its share."""
    if not found["net"].sum():
        return NOTHING if found.empty else "Every redemption here was cancelled."
    best = found.iloc[0]
    first, are_several = _first(found["site"], found["net"], "site")
    each = " each" if are_several else ""
    return f"{first} {plural(best['net'], 'net redemption')}{each} ({percent(best['share'])})."


def _first(names: pd.Series, amounts: pd.Series, what: str) -> tuple[str, bool]:
    """Who has the largest amount, up to the word that says it; and whether several share it."""
    first = names[amounts == amounts.max()].tolist()
    count = len(names) - int((names == f"(no {what})").sum())
    if len(names) == 1 or (count == 1 and len(first) == 1):
        return f"{first[0]}:", False
    if len(first) == 1:
        return f"{first[0]} leads {plural(count, what)} with", False
    are = f"{first[0]} and {first[1]}" if len(first) == 2 else f"{whole(len(first))} {what}s"
    return f"{are} lead with", True


@once
def weekday_hour(found: pd.DataFrame) -> str:
    """The strongest hour of the week."""
    if not found["net"].sum():
        return NOTHING
    best = found.iloc[int(found["net"].argmax())]
    hour = int(best["hour"])
    return (
        f"Busiest: {WEEKDAYS[int(best['weekday']) - 1]} from {hour:02}:00 to {hour:02}:59 "
        f"with {plural(best['net'], 'net redemption')}."
    )


@once
def status(found: pd.DataFrame) -> str:
    """The most frequent status."""
    if found.empty:
        return "There is no code among what is chosen."
    first = found.iloc[0]
    return (
        f"{first['status']}: {whole(first['codes'])} of "
        f"{plural(int(found['codes'].sum()), 'code')} ({percent(first['share'])})."
    )


@once
def cancellations(found: pd.DataFrame, name: str, what: str) -> str:
    """Where the cancellation rate is highest, among those with enough to tell."""
    if not found["cancelled"].sum():
        return "Nothing was cancelled here." if len(found) else NOTHING
    worst, among = _worst(found, what)
    rate = f"{percent(worst['cancellation_rate'])} of {plural(worst['redemptions'], 'redemption')}"
    if len(found) == 1:
        return f"{worst[name]}: {rate} cancelled."
    if not worst["cancelled"]:
        return f"None was cancelled{among}; see those with fewer below."
    return f"{worst[name]} has the highest cancellation rate{among or f' of the {what}s'}: {rate}."


def _worst(found: pd.DataFrame, what: str) -> tuple[pd.Series, str]:
    """Where the cancellation rate is highest, and the words for those that have enough to tell."""
    least = enough(found["redemptions"])
    telling = found[found["redemptions"] >= least]
    worst = telling.iloc[int(telling["cancellation_rate"].astype(float).argmax())]
    if len(telling) == len(found):
        return worst, ""
    return worst, f" of the {what}s with at least {plural(least, 'redemption')}"
