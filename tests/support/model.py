"""A store in plain Python: how imports apply and what each number means, without SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from data.importing.input_file import UTF8
from data.importing.scope import Scope
from queries.filters import Filters
from tests.support.rows import COLUMNS, Row, csv_bytes

View = dict[str, Any]
# The numbers that are compared; the queries return more.
NUMBERS = (
    *("codes_issued", "redemptions", "cancelled", "net", "redeemed_codes", "redemption_rate"),
    *("cancellation_rate", "scans_per_redeemed_code", "units_given", "outstanding"),
    *("of_unknown_codes", "from_codes_files"),
)
UPTAKE = ("codes_issued", "redeemed_codes", "redemption_rate", "net", "cancelled")
Key = tuple[str, str] | str
TIMES = ["01/01/2016 00:00", "20/01/2016 12:30", "09/02/2016 23:59", "10/02/2016 00:00",
         "11/02/2016 08:15", ""]  # fmt: skip


def moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%d/%m/%Y %H:%M") if text else None


@dataclass
class Held:
    """A stored row with its scope."""

    row: Row
    scope: Scope


@dataclass
class Use:
    """A redemption, with its code where that is known."""

    code: str
    group: str
    time: datetime
    cancelled: bool
    deleted: bool
    of: Held | None
    scope: Scope
    from_codes_file: bool = False
    campaign: str = ""  # its ID, or the name of one without an ID
    site: str = ""


class Life(NamedTuple):
    """How long a code has been observed from its start, and after how long it was redeemed."""

    observed: timedelta
    redeemed: timedelta | None

    def is_redeemed_within(self, days: int) -> bool:
        return self.redeemed is not None and self.redeemed < timedelta(days)


class Model:
    """What a store holds and counts, computed from the rows of its files alone."""

    def __init__(self) -> None:
        self.codes: dict[Key, Held] = {}
        self.transactions: dict[Key, Held] = {}

    def apply(self, kind: str, rows: Sequence[Row], scope: Scope) -> tuple[int, int, int, int]:
        """Import a file. Returns new, updated, unchanged, duplicates."""
        held = self.codes if kind == "codes" else self.transactions
        last_rows: dict[Key, Row] = {
            (row[1], row[0]) if kind == "codes" else row[0]: row for row in rows
        }
        results: Counter[str] = Counter(duplicates=len(rows) - len(last_rows))
        for key, row in last_rows.items():
            before = held.get(key)
            given = {k: v for k, v in asdict(scope).items() if v is not None}
            now = Held(row, Scope(**(asdict(before.scope) if before else {}) | given))
            results["new" if before is None else "unchanged" if before == now else "updated"] += 1
            held[key] = now
        return (
            results["new"],
            results["updated"],
            results["unchanged"],
            results["duplicates"],
        )

    def uses(self) -> list[Use]:
        """All redemptions: transactions, and those that only a codes file knows of."""
        uses, with_transactions = [], set()
        for held in self.transactions.values():
            _, time, text, group, campaign, name, site, cancelled, deleted = held.row
            at, of = moment(time), self.codes.get((group, text))
            assert at
            scope = of.scope if of else Scope(held.scope.folder, None, held.scope.batch)
            use = Use(text, group, at, cancelled == "Yes", deleted == "Yes", of, scope)
            uses.append(replace(use, campaign=campaign or name, site=site))
            with_transactions.add((group, text))
        for code_held in self.codes.values():
            text, group = code_held.row[:2]
            if (at := moment(code_held.row[8])) and (group, text) not in with_transactions:
                scope = code_held.scope
                uses.append(Use(text, group, at, False, False, code_held, scope, True))
        return uses

    def lives(self, filters: Filters, now: datetime, by: str) -> dict[str, list[Life]]:
        """The chosen codes with a start as observed until `now`, by the names of their cohorts."""
        firsts: dict[int, datetime] = {}
        for use in self.uses():
            if use.of and not use.cancelled:
                firsts[id(use.of)] = min(use.time, firsts.get(id(use.of), use.time))
        asof = datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now
        uses = self.uses()
        lives: dict[str, list[Life]] = {}
        for held in self.codes.values():
            start, first = moment(held.row[2]), firsts.get(id(held))
            if start and is_chosen_code(filters, held, status(held, uses, asof)):
                life = Life(now - start, first - start if first else None)
                lives.setdefault(cohort(held, start, by), []).append(life)
        return lives

    def view(self, filters: Filters, now: datetime) -> View:
        """The same figures as view() of a store."""
        asof = datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now
        everything = self.uses()
        judged = {id(held): status(held, everything, asof) for held in self.codes.values()}
        codes = [h for h in self.codes.values() if is_chosen_code(filters, h, judged[id(h)])]
        uses = [use for use in everything if is_chosen_use(filters, use, judged)]
        statuses = Counter(judged[id(held)] for held in codes)
        numbers = tally(codes, uses)
        redemptions = numbers["redemptions"]
        of_groups = {held.row[1] for held in codes} | {use.group for use in uses}
        groups = {
            group or "(no group)": tally(
                [held for held in codes if held.row[1] == group],
                [use for use in uses if use.group == group],
            )
            for group in of_groups
        }
        return {
            "numbers": numbers
            | {
                "outstanding": statuses["active"],
                "cancellation_rate": numbers["cancelled"] / redemptions if redemptions else None,
            },
            "groups": {group: {n: figures[n] for n in UPTAKE} for group, figures in groups.items()},
            "statuses": dict(statuses),
        }


def is_chosen(filters: Filters, name: str, values: set[str]) -> bool:
    """Whether a filter and what it excludes choose a row with these values of it."""
    choice = getattr(filters, name)
    is_any = choice is None or not values.isdisjoint(choice)
    return is_any and values.isdisjoint(filters.texts(f"{name}!"))


def values_of(text: str, group: str, scope: Scope, known: Held | None) -> dict[str, set[str]]:
    """The values of a code, or of a redemption of a code that is not known, by their filters."""
    prefix = {scope.prefix or "(no prefix)"} if known else set()
    return {
        "folder": {scope.folder or "(no folder)"},
        "group": {group or "(no group)"},
        "batch": {scope.batch or "(no batch)"},
        "prefix": prefix | {text[:length] for length in range(1, len(text) + 1)},
        "type": {known.row[4] or "(no type)"} if known else set(),
        "item": {known.row[6] or "(no item)"} if known else set(),
    }


def is_chosen_code(filters: Filters, held: Held, judged: str) -> bool:
    """With `rest`: whether it is one of those that the filters of codes do not choose."""
    if filters.rest:
        turned = replace(filters, rest=None)
        return filters.rest_of() == "redemptions" or not is_chosen_code(turned, held, judged)
    text, group, start, expiry = held.row[:4]
    values = values_of(text, group, held.scope, held) | {"status": {judged}}
    return (
        all(is_chosen(filters, name, values[name]) for name in values)
        and is_between(filters.start_from, moment(start), filters.start_to)
        and is_between(filters.expiry_from, moment(expiry), filters.expiry_to)
    )


def cohort(held: Held, start: datetime, by: str) -> str:
    """The name of a code's batch, group, folder or month of start."""
    if by == "month":
        return f"{start:%Y-%m}"
    named = held.row[1] if by == "group" else getattr(held.scope, by)
    return named or f"(no {by})"


def is_chosen_use(filters: Filters, use: Use, judged: dict[int, str]) -> bool:
    if use.of:
        is_of_chosen_code = is_chosen_code(filters, use.of, judged[id(use.of)])
    else:
        values = values_of(use.code, use.group, use.scope, None) | {"status": set()}
        dates = (filters.start_from, filters.start_to, filters.expiry_from, filters.expiry_to)
        is_of_chosen_code = all(is_chosen(filters, name, values[name]) for name in values)
        is_of_chosen_code = is_of_chosen_code and not any(dates)
        if filters.rest:
            is_of_chosen_code = filters.rest_of() == "redemptions" or not is_of_chosen_code
    is_chosen_visit = (
        is_chosen(filters, "campaign", {use.campaign or "(no campaign)"})
        and is_chosen(filters, "site", {use.site or "(no site)"})
        and filters.cancelled in (None, use.cancelled)
    )
    if filters.rest_of() == "redemptions":
        is_chosen_visit = not is_chosen_visit
    return is_of_chosen_code and is_chosen_visit and is_between(filters.from_, use.time, filters.to)


def is_between(first: date | None, at: datetime | None, last: date | None) -> bool:
    if at is None:
        return first is None and last is None
    return (first or date.min) <= at.date() <= (last or date.max)


def status(held: Held, uses: list[Use], asof: datetime) -> str:
    own = [use for use in uses if use.of is held and use.time <= asof]
    start, expiry = moment(held.row[2]), moment(held.row[3])
    if any(use.deleted for use in own):
        return "deleted"
    if any(not use.cancelled for use in own):
        return "redeemed"
    if own:
        return "cancelled"
    if expiry and asof >= expiry:
        return "expired"
    return "scheduled" if start and asof < start else "active"


def tally(codes: list[Held], uses: list[Use]) -> dict[str, Any]:
    live = [use for use in uses if not use.cancelled]
    redeemed = {(use.group, use.code) for use in live if use.of}
    given = [use.of.row for use in live if use.of and use.of.row[4] == "Item"]
    return {
        "codes_issued": len(codes),
        "redemptions": len(uses),
        "cancelled": len(uses) - len(live),
        "net": len(live),
        "redeemed_codes": len(redeemed),
        "redemption_rate": len(redeemed) / len(codes) if codes else None,
        "scans_per_redeemed_code": len(live) / len(redeemed) if redeemed else None,
        "units_given": sum(int(row[5] or 0) for row in given),
        "of_unknown_codes": sum(use.of is None for use in uses),
        "from_codes_files": sum(use.from_codes_file for use in uses),
    }


NO_SCOPE = Scope()


@dataclass(frozen=True)
class File:
    """A file to import: its rows, its scope, and how it is written."""

    kind: str
    rows: Sequence[Row]
    scope: Scope = NO_SCOPE
    name: str = ""
    encoding: str = UTF8
    line_end: str = "\n"

    def write(self, folder: Path) -> Path:
        """Write it as Voucher Manager does, or a spreadsheet."""
        text = csv_bytes([COLUMNS[self.kind], *self.rows], line_end=self.line_end)
        path = folder / (self.name or f"{self.kind}.csv")
        path.write_bytes(text.decode().encode(self.encoding))
        return path
