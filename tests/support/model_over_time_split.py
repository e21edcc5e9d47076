"""Redemptions over time by a name in plain Python: which line has how many, without SQL."""

from collections import Counter
from datetime import datetime, timedelta

from queries.filters import Filters
from tests.support.model import Model, Use, is_chosen_use, moment, status

Line = tuple[str | None, bool]  # its name, None where it has none; known only from codes files
Cells = dict[tuple[Line, datetime], tuple[int, int]]  # net and cancelled redemptions


def chosen_uses(model: Model, filters: Filters, now: datetime) -> list[Use]:
    """The chosen redemptions."""
    asof = datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now
    uses = model.uses()
    judged = {id(held): status(held, uses, asof) for held in model.codes.values()}
    return [use for use in uses if is_chosen_use(filters, use, judged)]


def name_of(use: Use, by: str) -> str:
    """The group, folder, batch or site of a redemption, or the month of its code's start."""
    if by == "month":
        start = moment(use.of.row[2]) if use.of else None
        return f"{start:%Y-%m}" if start else "(no start)"
    named = {"group": use.group, "site": use.site}.get(by) or (
        "" if by in ("group", "site") else getattr(use.scope, by)
    )
    return named or f"(no {by})"


def period_of(time: datetime, grain: str) -> datetime:
    """The first moment of the hour, day, week or month that a moment lies in."""
    midnight = datetime(time.year, time.month, time.day)
    return {
        "hour": midnight + timedelta(hours=time.hour),
        "day": midnight,
        "week": midnight - timedelta(days=midnight.weekday()),
        "month": midnight.replace(day=1),
    }[grain]


def cells(uses: list[Use], grain: str, by: str, most: int) -> Cells:
    """The redemptions of each line and period that has any."""
    line_of = _lines(uses, by, most)
    counted: Counter[tuple[Line, datetime, bool]] = Counter(
        (line_of[_own(use, by)], period_of(use.time, grain), use.cancelled) for use in uses
    )
    places = {(line, period) for line, period, _ in counted}
    return {
        (line, period): (counted[line, period, False], counted[line, period, True])
        for line, period in places
    }


def _lines(uses: list[Use], by: str, most: int) -> dict[Line, Line]:
    """The line of each name: its own, that of the others (None), or what it is apart for."""
    net, cancelled = Counter[Line](), Counter[Line]()
    for use in uses:
        (cancelled if use.cancelled else net)[_own(use, by)] += 1
    nothing = "(no start)" if by == "month" else f"(no {by})"
    all_ = set(net) | set(cancelled)
    named = sorted(
        (line for line in all_ if line[0] not in (None, nothing)),
        key=lambda line: (-net[line], -cancelled[line], line[0] or ""),
    )
    gathered = named[most:]
    return {line: (None, False) if line in gathered else line for line in all_}


def _own(use: Use, by: str) -> Line:
    beside = by == "site" and use.from_codes_file
    return (None if beside else name_of(use, by)), beside
