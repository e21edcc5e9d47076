"""Pivot tables in plain Python: each cell and total is counted by itself from the model's rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product
from statistics import median
from typing import NamedTuple

from queries.filters import Filters
from tests.support.model import Held, Model, Use, is_chosen_code, is_chosen_use, moment, status

OF_CODES = ("group", "folder", "prefix", "batch", "type", "item", "start", "status")
OF_REDEMPTIONS = ("site", "campaign", "weekday", "hour", "day", "week", "month")
MEASURES_OF_CODES = ("codes", "live", "rate", "within", "median")
COUNTS = ("net", "redemptions", "cancelled", "units")
MEASURES = (*MEASURES_OF_CODES, "redeemed", *COUNTS, "cancellation_rate")
DAY = timedelta(days=1)

Key = tuple[str | None, str | None]
Value = tuple[float | None, int]  # of a cell, with how many are left out


class Pivot(NamedTuple):
    """What is wanted, of which chosen rows, known until when."""

    filters: Filters
    now: datetime
    rows: str
    columns: str
    measure: str
    days: int = 28
    per_day: bool = False

    def parameters(self) -> dict[str, object]:
        """The parameters of the queries pivot and pivot_table."""
        return {
            "rows": self.rows,
            "columns": self.columns,
            "measure": self.measure,
            "days": self.days,
            "per_day": "yes" if self.per_day else "no",
        }


@dataclass
class Cell:
    """The codes and redemptions that have the name of a row, of a column, or of both."""

    codes: list[Held] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    @property
    def net(self) -> list[Use]:
        return [use for use in self.uses if not use.cancelled]

    @property
    def redeemed(self) -> list[Held]:
        return list({id(use.of): use.of for use in self.net if use.of}.values())


def is_offered(pivot: Pivot) -> bool:
    """Whether the measure has a meaning by these dimensions."""
    by_redemptions = pivot.rows in OF_REDEMPTIONS or pivot.columns in OF_REDEMPTIONS
    if by_redemptions and pivot.measure in MEASURES_OF_CODES:
        return False
    return not pivot.per_day or pivot.measure in COUNTS


def cells(model: Model, pivot: Pivot) -> dict[Key, Value]:
    """The value of each cell and total. In the key of a total None stands for all."""
    filters, now = pivot.filters, pivot.now
    everything = model.uses()
    asof = filters.as_of(now)
    judged = {id(held): status(held, everything, asof) for held in model.codes.values()}
    codes = [h for h in model.codes.values() if is_chosen_code(filters, h, judged[id(h)])]
    uses = [use for use in everything if is_chosen_use(filters, use, judged)]
    found: dict[Key, Cell] = {(None, None): Cell()}
    if pivot.measure in (*MEASURES_OF_CODES, "redeemed") and is_by_codes(pivot):
        for held in codes:
            for key in keys(pivot, partial(name_of_code, held=held, judged=judged)):
                found.setdefault(key, Cell()).codes.append(held)
        uses = [use for use in uses if use.of]
    if pivot.measure == "redeemed":
        uses = [use for use in uses if use.of and not use.cancelled]
    for use in uses:
        for key in keys(pivot, partial(name_of_use, use=use, judged=judged)):
            found.setdefault(key, Cell()).uses.append(use)
    calendar = days_of(pivot, uses)
    firsts = first_redemptions(everything)
    values = {}
    for key, cell in found.items():
        if pivot.measure in ("within", "median") and key != (None, None):
            started = [held for held in cell.codes if held.row[2]]
            counted = started if pivot.measure == "within" else waits(cell)
            if not counted:
                continue
        value, left_out = value_of(pivot, cell, firsts)
        if pivot.per_day and value is not None:
            days = sum(is_day_of(pivot, key, day) for day in calendar)
            value = value / days if days else None
        values[key] = (value, left_out)
    return values


def value_of(pivot: Pivot, cell: Cell, firsts: dict[int, datetime]) -> Value:
    """The value of a cell, and how many are left out of it."""
    measure, net, all_ = pivot.measure, cell.net, cell.uses
    if measure in ("live", "rate"):
        redeemed = {id(held) for held in cell.redeemed}
        live = sum(is_live(pivot, held) or id(held) in redeemed for held in cell.codes)
        return (live if measure == "live" else ratio(len(redeemed), live)), 0
    if measure == "within":
        ages = [(held, pivot.now - start) for held in cell.codes if (start := moment(held.row[2]))]
        old = [held for held, age in ages if age >= timedelta(pivot.days)]
        redeemed_within = sum(
            id(held) in firsts
            and firsts[id(held)] - (moment(held.row[2]) or datetime.max) < timedelta(pivot.days)
            for held in old
        )
        return ratio(redeemed_within, len(old)), len(ages) - len(old)
    if measure == "median":
        days = [wait / DAY for wait in waits(cell)]
        known = [wait for wait in days if wait >= 0]
        return (median(known) if known else None), len(days) - len(known)
    if measure == "units":
        items = [use.of.row[5] for use in net if use.of and use.of.row[4] == "Item"]
        unknown = sum(use.of is None for use in net) + items.count("")
        return sum(int(quantity or 0) for quantity in items), unknown
    counts = {
        "codes": len(cell.codes),
        "redeemed": len(cell.redeemed),
        "net": len(net),
        "redemptions": len(all_),
        "cancelled": len(all_) - len(net),
    }
    if measure == "cancellation_rate":
        return ratio(len(all_) - len(net), len(all_)), 0
    return counts[measure], 0


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def is_by_codes(pivot: Pivot) -> bool:
    return pivot.rows not in OF_REDEMPTIONS and pivot.columns not in OF_REDEMPTIONS


def is_live(pivot: Pivot, held: Held) -> bool:
    """Whether a code could be redeemed in the period by its dates."""
    first, last = pivot.filters.from_, pivot.filters.to
    if first is None:
        return True
    start, expiry = moment(held.row[2]), moment(held.row[3])
    end = datetime.combine(last, datetime.min.time()) + DAY if last else pivot.now
    starts = start is None or (start < end if last else start <= end)
    return starts and (expiry is None or expiry > datetime.combine(first, datetime.min.time()))


def waits(cell: Cell) -> list[timedelta]:
    """From the start of each code to its first chosen redemption."""
    firsts = first_redemptions(cell.uses)
    return [
        firsts[id(held)] - start
        for held in cell.redeemed
        if (start := moment(held.row[2])) and id(held) in firsts
    ]


def first_redemptions(uses: list[Use]) -> dict[int, datetime]:
    """The first redemption that was not cancelled, by the code."""
    firsts: dict[int, datetime] = {}
    for use in uses:
        if use.of and not use.cancelled:
            firsts[id(use.of)] = min(use.time, firsts.get(id(use.of), use.time))
    return firsts


def keys(pivot: Pivot, name: Callable[[str], str]) -> Iterator[Key]:
    """The cell of a code or redemption, and the totals that it is in."""
    yield from product((name(pivot.rows), None), (name(pivot.columns), None))


def name_of_code(by: str, held: Held, judged: dict[int, str]) -> str:
    _, group, start, _, type_, _, item, *_ = held.row
    at = moment(start)
    return {
        "none": "",
        "group": group,
        "folder": held.scope.folder or "(no folder)",
        "prefix": held.scope.prefix or "(no prefix)",
        "batch": held.scope.batch or "(no batch)",
        "type": type_ or "(no type)",
        "item": item or "(no item)",
        "start": f"{at:%Y-%m}" if at else "(no start)",
        "status": judged[id(held)],
    }[by]


def name_of_use(by: str, use: Use, judged: dict[int, str]) -> str:
    if by == "site" and use.from_codes_file:
        return "(known only from code files)"
    own = {
        "none": "",
        "site": use.site or "(no site)",
        "campaign": use.campaign or "(no campaign)",
        "hour": f"{use.time:%H}",
        "group": use.group or "(no group)",
        "folder": use.scope.folder or "(no folder)",
        "batch": use.scope.batch or "(no batch)",
    }
    if by in own:
        return own[by]
    if by in ("weekday", "day", "week", "month"):
        return bucket(by, use.time.date())
    return name_of_code(by, use.of, judged) if use.of else "(unknown code)"


def bucket(by: str, day: date) -> str:
    if by == "weekday":
        return str(day.isoweekday())
    if by == "week":
        day -= timedelta(days=day.weekday())
    return day.isoformat()[: 7 if by == "month" else 10]


def days_of(pivot: Pivot, uses: list[Use]) -> list[date]:
    """The days of the period, or those from the first redemption, until the data end.

    The last day of the data is one of them if the data reach its noon.
    """
    first = pivot.filters.from_ or min((use.time.date() for use in uses), default=None)
    end_of_data = pivot.now.date() - (DAY if pivot.now.hour < 12 else timedelta())
    last = min(pivot.filters.to or date.max, end_of_data)
    if first is None:
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def is_day_of(pivot: Pivot, key: Key, day: date) -> bool:
    return all(
        name is None or by not in ("weekday", "day", "week", "month") or bucket(by, day) == name
        for by, name in zip((pivot.rows, pivot.columns), key, strict=True)
    )
