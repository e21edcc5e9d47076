"""The SQL of a pivot: one row per cell, with a column for each of its two names."""

from typing import NamedTuple

from queries.notebooks.keys import Look
from queries.notebooks.sql_of_charts import joined
from queries.notebooks.sql_text import expressions, filled
from queries.notebooks.sql_written import NoText, Parts, Texts, Written, among, whole_number

NONE = "none"
DIMENSIONS = {  # what the column of each is called
    "group": "group_name",
    "folder": "folder",
    "batch": "batch",
    "prefix": "prefix",
    "type": "redemption_type",
    "item": "item_code",
    "start": "month_of_start",
    "status": "status",
    "site": "site",
    "campaign": "campaign",
    "weekday": "weekday",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
}
DATES = ("day", "week", "month")
ADD_UP = ("net", "redemptions", "cancelled", "units", "codes", "live")


class Measure(NamedTuple):
    """What a pivot counts: its words, the column, and the text of one by codes."""

    words: str
    column: str
    of_codes: str = ""  # empty: of redemptions


MEASURES = {
    "net": Measure("Net redemptions", "net"),
    "redemptions": Measure("Redemptions", "redemptions"),
    "cancelled": Measure("Cancelled redemptions", "cancelled"),
    "cancellation_rate": Measure("Cancellation rate", "cancellation_rate"),
    "units": Measure("Units given", "units_given"),
    "codes": Measure("Codes issued", "codes_issued", "pivot_issued"),
    "live": Measure("Codes live", "codes_live", "pivot_redeemed"),
    "redeemed": Measure("Redeemed codes", "redeemed_codes", "pivot_redeemed"),
    "rate": Measure("Redemption rate", "redemption_rate", "pivot_redeemed"),
    "within": Measure("Fair rate", "within_rate", "pivot_within"),
    "median": Measure("Typical days to redeem", "median_days", "pivot_median"),
}
NO_MEAN = "A mean per day needs the days of the period, which the tables do not have."
NO_PLACE = "Codes are issued to no site, campaign or time: there is no such pivot."


def pivot(texts: Texts) -> Written:
    """The SQL of a pivot by its parameters. Raises NoText."""
    measure = among("measure", texts, MEASURES, "net")
    if among("per_day", texts, ("no", "yes"), "no") == "yes":
        raise NoText(NO_MEAN)
    rows = among("rows", texts, (*DIMENSIONS, NONE), "group")
    columns = among("columns", texts, (*DIMENSIONS, NONE), NONE)
    by = [name for name in dict.fromkeys((rows, columns)) if name != NONE]
    days = whole_number("days", texts, 28)
    return Written(_text(measure, by, days), _look(measure, by))


def _text(measure: str, by: list[str], days: int) -> str:
    words, column, of_codes = MEASURES[measure]
    table = "chosen_codes" if of_codes else "chosen_transactions"
    text = of_codes or "pivot_of_redemptions"
    if any(name not in expressions("chosen_codes") for name in by) and of_codes:
        if measure != "redeemed":
            raise NoText(NO_PLACE)
        table, text = "chosen_transactions", "pivot_redeemed_there"
    known = expressions(table)
    parts: Parts = {
        "title": words + _listed(by),
        "names": "\n".join(f"{_as(known[name], DIMENSIONS[name])}," for name in by),
        "measure": expressions("measures").get(measure, ""),
        "column": column,
        "join": joined([*by, measure]) if table == "chosen_transactions" else "",
        "days": days,
    }
    return filled(text, parts)


def _as(expression: str, name: str) -> str:
    return expression if expression == name else f"{expression} as {name}"


def _listed(by: list[str]) -> str:
    words = [DIMENSIONS[name].replace("_", " ").removesuffix(" name") for name in by]
    return f" by {' and '.join(words)}" if words else ""


def _look(measure: str, by: list[str]) -> Look:
    """Lines over dates, else bars; of numbers that do not add up none that stand on each other."""
    x = next((name for name in by if name in DATES), by[0] if by else "")
    colours = [DIMENSIONS[name] for name in by if name != x]
    if not by or (colours and x not in DATES and measure not in ADD_UP):
        return Look()
    kind = "line" if x in DATES else "bar"
    return Look(kind, DIMENSIONS[x], MEASURES[measure].column, "".join(colours))
