"""What an analyst has chosen: one frozen value, from and to a URL, and in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

STATUSES = ("active", "redeemed", "cancelled", "expired", "scheduled", "deleted")
STATUS_WORDS = {
    "active": "Active",
    "redeemed": "Redeemed",
    "cancelled": "Cancelled only",
    "expired": "Expired",
    "scheduled": "Scheduled",
    "deleted": "Deleted",
}
# The parameters that take several values, in the order in which they are said.
LISTS = ("group", "prefix", "batch", "folder", "type", "item", "campaign", "site", "status")
PARAMETERS = (
    *("folder", "group", "prefix", "batch", "type", "item", "campaign", "site"),
    *("cancelled", "status", "from", "to", "asof"),
)
YES_OR_NO = {"yes": True, "no": False}

Values = tuple[str, ...] | None


class Unreadable(ValueError):
    """Parameters of a URL that say nothing that can be used; `problems` names each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Filters:
    """None chooses everything, an empty tuple nothing. `from_` to `to` are whole days."""

    folder: Values = None
    group: Values = None
    prefix: Values = None
    batch: Values = None
    type: Values = None
    item: Values = None
    campaign: Values = None
    site: Values = None
    status: Values = None
    cancelled: bool | None = None
    from_: date | None = None
    to: date | None = None
    asof: date | None = None

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> tuple["Filters", list[str]]:
        """Read a URL's parameters. Returns what could be read, and a sentence per problem."""
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        read: dict[str, object] = {}
        problems = []
        for name, said in values.items():
            try:
                known, unknown = _split(name, said)
                problems += unknown
                read[_field(name)] = _value(name, known) if known else None
            except Unreadable as error:
                problems += error.problems
        return cls(**read), problems  # type: ignore[arg-type]

    def to_query(self) -> list[tuple[str, str]]:
        """The parameters of a URL that says the same."""
        return [(name, value) for name in PARAMETERS for value in self.texts(name)]

    def texts(self, name: str) -> list[str]:
        """The values of one URL parameter."""
        value = getattr(self, _field(name))
        if value is None:
            return []
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        return [value.isoformat()] if isinstance(value, date) else list(value)

    def with_(self, name: str, value: object) -> "Filters":
        """The same filters with another value (None: everything) for a URL parameter."""
        return replace(self, **{_field(name): value})  # type: ignore[arg-type]

    def bound(self, now: datetime) -> dict[str, object]:
        """The struct that the macros of data/store/macros/chosen.sql take; `until` is exclusive."""
        lists = {name: None if (v := getattr(self, name)) is None else list(v) for name in LISTS}
        return {
            **lists,
            "cancelled": self.cancelled,
            "from": None if self.from_ is None else _midnight(self.from_),
            "until": None if self.to is None else _midnight(self.to + timedelta(days=1)),
            "asof": now if self.asof is None else _midnight(self.asof),
        }

    def chips(self) -> dict[str, str]:
        """What each filter says in words, by the URL parameter that removes it."""
        said = {
            name: ", ".join(STATUS_WORDS.get(v, v) if name == "status" else v for v in value)
            for name in LISTS
            if (value := getattr(self, name)) is not None
        }
        if self.cancelled is not None:
            said["cancelled"] = "cancelled only" if self.cancelled else "without cancelled"
        if self.from_ or self.to:
            said["from"] = days(self.from_, self.to)
        if self.asof:
            said["asof"] = f"status as of {day(self.asof)}"
        return said

    def in_words(self) -> str:
        """One phrase: "Email and SMS in January 2016, 10–16 January 2016"."""
        main = _all_of(self.group) or "All codes"
        for words, values in ((" in ", self.folder), (", batch ", self.batch)):
            main += words + _all_of(values) if values else ""
        if self.prefix:
            main += ", codes that begin with " + _all_of(self.prefix)
        rest = [
            f"{word} {text}"
            for name, word in (("type", "type"), ("item", "item"), ("campaign", "campaign"),
                               ("site", "site"), ("status", "status"))
            if (text := self.chips().get(name))
        ]  # fmt: skip
        rest += [text for name in ("cancelled", "from", "asof") if (text := self.chips().get(name))]
        return ", ".join([main, *rest])

    def previous(self, today: date) -> "Filters | None":
        """The same over the period of the same length just before; None without a period."""
        if self.from_ is None:
            return None
        last = max(self.to or today, self.from_)
        return replace(self, from_=self.from_ - (last - self.from_) - timedelta(days=1),
                       to=self.from_ - timedelta(days=1))  # fmt: skip


def day(value: date) -> str:
    """A day as people say it: 10 January 2016."""
    return f"{value.day} {value:%B %Y}"


def days(first: date | None, last: date | None) -> str:
    """A period in words, with what the two ends share said once."""
    if first is None or last is None:
        return f"since {day(first)}" if first else f"until {day(last)}" if last else ""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def _field(name: str) -> str:
    # `from` is a word of the language, so the field has another name.
    return "from_" if name == "from" else name


FIELDS = {field.name for field in fields(Filters)}


def _value(name: str, said: list[str]) -> object:
    if name not in PARAMETERS:
        shown = f" “{name}”" if re.fullmatch(r"[a-z_]{1,20}", name) else ""
        raise Unreadable([f"There is no filter{shown}; there are {', '.join(PARAMETERS)}."])
    if "" in said:
        raise Unreadable([f"The filter {name} has no value."])
    if name in LISTS:
        return tuple(dict.fromkeys(said))
    if len(said) > 1:
        raise Unreadable([f"The filter {name} takes one value, and was given {len(said)}."])
    return _yes_or_no(said[0]) if name == "cancelled" else _date(name, said[0])


def _split(name: str, said: list[str]) -> tuple[list[str], list[str]]:
    """The values that can be used, and a sentence about those that cannot."""
    if name != "status" or set(said) <= set(STATUSES):
        return said, []
    known = [value for value in said if value in STATUSES]
    return known, [f"The filter status takes {', '.join(STATUSES)}."]


def _yes_or_no(said: str) -> bool:
    if said not in YES_OR_NO:
        raise Unreadable(["The filter cancelled takes yes or no."])
    return YES_OR_NO[said]


def _date(name: str, said: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", said, re.ASCII):
            raise ValueError
        value = date.fromisoformat(said)
    except ValueError:
        raise Unreadable([f"The filter {name} takes a date like 2026-11-23."]) from None
    if not 1900 <= value.year <= 2100:
        raise Unreadable([f"The filter {name} takes a date between 1900 and 2100."])
    return value


def _midnight(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)


def _all_of(values: Values) -> str:
    *first, last = values or ("",)
    return f"{', '.join(first)} and {last}" if first else last
