"""What an analyst has chosen: one frozen value, from and to a URL, and in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from queries.access import EVERYTHING, Access
from queries.text import day, days, few, listed

STATUS_WORDS = {
    "active": "Active",
    "redeemed": "Redeemed",
    "cancelled": "Cancelled only",
    "expired": "Expired",
    "scheduled": "Scheduled",
    "deleted": "Deleted",
}
STATUSES = tuple(STATUS_WORDS)
# The days that a file may have (stamp() in data/store/macros/typing.sql) and a filter choose.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date.max
LONGEST_VALUE = 8 * 1024  # bytes of a value in UTF-8; no name of a file is longer
NO_TEXT = re.compile(r"[\ud800-\udfff]")  # what a command makes of bytes that are no UTF-8
YES_OR_NO = {"yes": True, "no": False}

Values = tuple[str, ...] | None


class Field(NamedTuple):
    """One filter: its URL parameter, what it takes, and how the pages call it."""

    name: str
    takes: Literal["texts", "yes or no", "date"]
    label: str
    chooses: Literal["codes", "redemptions"]
    help: str | None = None


# In the order of the URL.
FIELDS = (
    Field("folder", "texts", "Reporting folder", "codes",
          "A promotion, spanning groups and batches. The number counts codes."),
    Field("group", "texts", "Code group", "codes"),
    Field("prefix", "texts", "Prefix", "codes",
          "A known prefix, or any beginning of a code: type it. The number counts all codes "
          "that start so; it is left out where counting them takes long."),
    Field("batch", "texts", "Batch", "codes", "Codes made in one go. The number counts codes."),
    Field("type", "texts", "Redemption type", "codes"),
    Field("item", "texts", "Item code", "codes"),
    Field("campaign", "texts", "Campaign", "redemptions",
          "Its ID; a name that is typed stands for it. The number counts redemptions."),
    Field("site", "texts", "Site", "redemptions", "The number counts redemptions."),
    Field("cancelled", "yes or no", "Cancelled", "redemptions"),
    Field("status", "texts", "Status", "codes"),
    Field("from", "date", "From", "redemptions", "The whole day is included."),
    Field("to", "date", "To", "redemptions", "The whole day is included."),
    Field("asof", "date", "As of", "codes",
          "The moment at which the status of a code is judged: 00:00 on this day. "
          "Without a day: the end of the period, or until when the data reach."),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
PARAMETERS = tuple(BY_NAME)
# Phrases and chips begin with these.
FIRST_IN_WORDS = ("group", "prefix", "batch")
LISTS = (
    *FIRST_IN_WORDS,
    *(f.name for f in FIELDS if f.takes == "texts" and f.name not in FIRST_IN_WORDS),
)


class Unreadable(ValueError):
    """Parameters of a URL with no usable value; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Filters:
    """None chooses everything, an empty tuple nothing. `from_` to `to` are whole days.

    `access` is what the person who asks may see; it is in no URL.
    """

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
    access: Access = EVERYTHING

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> tuple["Filters", list[str]]:
        """Read a URL's parameters. Returns what could be read, and a sentence per problem."""
        texts: dict[str, list[str]] = {}
        for name, text in pairs:
            texts.setdefault(name, []).append(text)
        values: dict[str, object] = {}
        problems = []
        for name, given in texts.items():
            try:
                known, unknown = _split(name, given)
                problems += unknown
                values[_attribute(name)] = _value(name, known) if known else None
            except Unreadable as error:
                problems += error.problems
        return cls(**values), problems  # type: ignore[arg-type]

    def to_query(self) -> list[tuple[str, str]]:
        """The parameters of the URL with these filters."""
        return [(name, value) for name in PARAMETERS for value in self.texts(name)]

    def texts(self, name: str) -> list[str]:
        """The values of one URL parameter."""
        value = getattr(self, _attribute(name))
        if value is None:
            return []
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        return [value.isoformat()] if isinstance(value, date) else list(value)

    def with_(self, name: str, value: object) -> "Filters":
        """The same filters with another value (None: everything) for a URL parameter."""
        return replace(self, **{_attribute(name): value})  # type: ignore[arg-type]

    def as_of(self, data_until: datetime) -> datetime:
        """The moment that judges statuses: the chosen day, else the end of the period or data."""
        if self.asof is not None:
            return _midnight(self.asof)
        return data_until if self.to is None else min(_end(self.to), data_until)

    def parameters(self, data_until: datetime) -> dict[str, object]:
        """The struct f that the macros take.

        `until` is exclusive; `live_until` ends the period in which codes are live, which is open
        where none is chosen.
        """
        until = None if self.to is None else _end(self.to)
        lists = {name: _listed(getattr(self, name)) for name in LISTS}
        access = self.access
        return {
            **lists,
            "group": _among(self.group, access.groups),
            "folder": _among(self.folder, access.folders),
            "prefix": _listed(self.answered_prefixes()),
            "cancelled": self.cancelled,
            "from": None if self.from_ is None else _midnight(self.from_),
            "until": until,
            "live_until": until if self.from_ is None else until or data_until,
            "asof": self.as_of(data_until),
            "groups": _listed(access.groups),
            "folders": _listed(access.folders),
            "masked": access.masked,
            "hidden": _listed(access.hidden),
        }

    def answered_prefixes(self) -> Values:
        """The chosen prefixes; for a person who sees codes masked, those that may choose."""
        if self.prefix is None or not self.access.masked:
            return self.prefix
        return tuple(value for value in self.prefix if value in self.access.answered)

    def narrows_redemptions(self) -> bool:
        """Whether a filter is in force that chooses redemptions and not codes."""
        return any(self.texts(f.name) for f in FIELDS if f.chooses == "redemptions")

    def chips(self, most: int | None = None) -> dict[str, str]:
        """Each filter in force in words, by the URL parameter that removes it.

        `most` limits how many values of a filter it names; it counts the others.
        """
        words = {
            name: ", ".join(few(_shown(name, value), most))
            for name in LISTS
            if (value := getattr(self, name)) is not None
        }
        if self.cancelled is not None:
            words["cancelled"] = "cancelled only" if self.cancelled else "without cancelled"
        if self.from_ or self.to:
            words["from"] = days(self.from_, self.to)
        if self.asof:
            words["asof"] = f"status as of {day(self.asof)}"
        return words

    def in_words(self, most: int | None = None) -> str:
        """One phrase: "Email and SMS in January 2016, 10–16 Jan 2016".

        `most` limits how many values of a filter it names; it counts the others.
        """
        main = listed(self.group or (), most) or "All codes"
        for words, values in ((" in ", self.folder), (", batch ", self.batch)):
            main += words + listed(values, most) if values else ""
        if self.prefix:
            main += ", codes that begin with " + listed(self.prefix, most)
        chips = self.chips(most)
        named = ("type", "item", "campaign", "site", "status")
        rest = [f"{name} {chips[name]}" for name in named if chips.get(name)]
        rest += [chips[name] for name in ("cancelled", "from", "asof") if chips.get(name)]
        return ", ".join([main, *rest])

    def previous(self, today: date) -> "Filters | None":
        """The same over the period of the same length just before; None where there is none."""
        if self.from_ is None:
            return None
        last = max(self.to or today, self.from_)
        if (self.from_ - FIRST_DAY) <= (last - self.from_):
            return None  # it would begin before all dates
        return replace(
            self,
            from_=self.from_ - (last - self.from_) - timedelta(days=1),
            to=self.from_ - timedelta(days=1),
        )


def _among(chosen: Values, seen: Values) -> list[str] | None:
    """The chosen values that the person may see; all of these where nothing is chosen."""
    if chosen is None or seen is None:
        return _listed(seen if chosen is None else chosen)
    return [value for value in chosen if value in seen]


def _listed(values: Values) -> list[str] | None:
    return None if values is None else list(values)


def _shown(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(STATUS_WORDS.get(v, v) for v in values) if name == "status" else values


def _attribute(name: str) -> str:
    # `from` is a keyword of Python, so its attribute has another name.
    return "from_" if name == "from" else name


def _value(name: str, texts: list[str]) -> object:
    """The value of one parameter. Raises Unreadable."""
    if name not in BY_NAME:
        shown = f" “{name}”" if re.fullmatch(r"[a-z_]{1,20}", name) else ""
        raise Unreadable([f"There is no filter{shown}; there are {', '.join(PARAMETERS)}."])
    if "" in texts:
        raise Unreadable([f"The filter {name} has no value."])
    if any(NO_TEXT.search(text) for text in texts):
        raise Unreadable([f"The filter {name} has bytes that are no text (UTF-8)."])
    if BY_NAME[name].takes == "texts":
        return tuple(dict.fromkeys(texts))
    if len(texts) > 1:
        raise Unreadable([f"The filter {name} takes one value, and was given {len(texts)}."])
    return (
        _yes_or_no(name, texts[0]) if BY_NAME[name].takes == "yes or no" else _date(name, texts[0])
    )


def _split(name: str, texts: list[str]) -> tuple[list[str], list[str]]:
    """The texts that can be used, and a sentence about those that cannot."""
    short = [text for text in texts if len(text.encode("utf-8", "surrogatepass")) <= LONGEST_VALUE]
    if name in BY_NAME and len(short) < len(texts):
        problem = f"The filter {name} takes no value of more than {LONGEST_VALUE:,} bytes."
        known, problems = _split(name, short)
        return known, [problem, *problems]
    if name != "status" or set(texts) <= set(STATUSES):
        return texts, []
    known = [text for text in texts if text in STATUSES]
    return known, [f"The filter status takes {', '.join(STATUSES)}."]


def _yes_or_no(name: str, text: str) -> bool:
    if text not in YES_OR_NO:
        raise Unreadable([f"The filter {name} takes yes or no."])
    return YES_OR_NO[text]


def _date(name: str, text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        value = date.fromisoformat(text)
    except ValueError:
        raise Unreadable([f"The filter {name} takes a date like 2026-11-23."]) from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Unreadable([f"The filter {name} takes a date from 1 Jan 1900 on."])
    return value


def _end(day: date) -> datetime:
    """The midnight that ends a day; of the last possible day, its last microsecond."""
    return datetime.max if day == LAST_DAY else _midnight(day + timedelta(days=1))


def _midnight(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)
