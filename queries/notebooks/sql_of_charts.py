"""The SQL of each chart for which there is some, by its query's name."""

from collections.abc import Callable

from queries.notebooks.keys import Look
from queries.notebooks.sql_text import expressions, filled
from queries.notebooks.sql_written import Parts, Texts, Written, among, whole_number

GRAINS = ("hour", "day", "week", "month", "year")
COHORTS = ("batch", "group", "folder", "month")
SPLITS = (*COHORTS, "site")
KINDS = ("site", "group", "campaign")
MOST_LINES = 4  # of a split by default, as on the page
MOST_CURVES = 8
MOST = 1_000_000
JOIN = "left join (\n    select{columns}\n    from chosen_codes\n) using (code_id)"
ONE_LINE = 60  # characters of columns


def _over_time(texts: Texts, shows_rate: bool) -> Written:
    grain = among("grain", texts, GRAINS, "day")
    counts, rates = Look("bar", "period", "net"), Look("line", "period", "cancellation_rate")
    return Written(filled("over_time", {"grain": grain}), rates if shows_rate else counts)


def _over_time_split(texts: Texts, shows_rate: bool) -> Written:
    by = among("by", texts, SPLITS, "group")
    name = "cohort" if by == "month" else by
    parts: Parts = {
        "grain": among("grain", texts, GRAINS, "day"),
        "by": "month of start" if by == "month" else by,
        "most": whole_number("most", texts, MOST_LINES, MOST),
        "name": expressions("chosen_transactions")[name],
        "join": joined([name]),
        "nameless": "(no start)" if by == "month" else f"(no {by})",
    }
    look = Look("line", "period", "cancellation_rate" if shows_rate else "net", "name")
    return Written(filled("over_time_split", parts), look)


def _uptake_by_group(_: Texts, __: bool) -> Written:
    return Written(filled("uptake_by_group", {}), Look("bar", "group_name", "live_rate"))


def _by_site(_: Texts, __: bool) -> Written:
    parts = {"name": expressions("chosen_transactions")["site"]}
    return Written(filled("by_site", parts), Look("bar", "site", "net"))


def _cancellations(texts: Texts, _: bool) -> Written:
    by = among("by", texts, KINDS, "site")
    parts = {"by": by, "name": expressions("chosen_transactions")[by]}
    return Written(filled("cancellations", parts), Look("bar", "name", "cancellation_rate"))


def _rate_within_days(texts: Texts, _: bool) -> Written:
    by, name = _cohort(texts)
    parts: Parts = {"by": by, "name": name, "days": whole_number("days", texts, 28)}
    return Written(filled("rate_within_days", parts), Look("bar", "name", "rate"))


def _redemption_curve(texts: Texts, _: bool) -> Written:
    by, name = _cohort(texts)
    parts: Parts = {"by": by, "name": name, "most": whole_number("most", texts, MOST_CURVES, MOST)}
    return Written(filled("redemption_curve", parts), Look("line", "age_days", "rate", "name"))


def _plain(name: str, look: Look = Look()) -> Callable[[Texts, bool], Written]:
    return lambda _, __: Written(filled(name, {}), look)


def _cohort(texts: Texts) -> tuple[str, str]:
    """What cohorts are made of, in a word and as an expression."""
    by = among("by", texts, COHORTS, "batch")
    known = expressions("chosen_codes")
    return ("month of start", known["start"]) if by == "month" else (by, known[by])


def joined(names: list[str]) -> str:
    """The join that gives redemptions the columns of their codes by which names are made."""
    known = expressions("columns of a code")
    columns = [column for name in names for column in known.get(name, "").split(", ") if column]
    if not columns:
        return ""
    columns = ["code_id", *dict.fromkeys(columns)]
    line = " " + ", ".join(columns)
    is_long = len(line) > ONE_LINE
    return JOIN.replace(
        "{columns}", "".join(f"\n        {one}," for one in columns) if is_long else line
    )


CHARTS: dict[str, Callable[[Texts, bool], Written]] = {
    "over_time": _over_time,
    "over_time_split": _over_time_split,
    "uptake_by_group": _uptake_by_group,
    "by_site": _by_site,
    "cancellations": _cancellations,
    "rate_within_days": _rate_within_days,
    "redemption_curve": _redemption_curve,
    "status": _plain("status", Look("bar", "status", "codes")),
    "weekday_hour": _plain("weekday_hour", Look("bar", "hour", "net", "weekday")),
    "time_to_redeem": _plain("time_to_redeem"),
    "numbers": _plain("numbers"),
}
