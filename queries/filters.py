"""What an analyst has chosen: one frozen value, from and to a URL, and in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from queries.access import EVERYTHING, Access
from queries.fields import FIRST_DAY, LAST_DAY, NOT, Field, base_of
from queries.listed import NO_LIST, Listed
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

Values = tuple[str, ...] | None

# In the order of the URL.
CHOOSING = (
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
          "Shown by its ID; its name can be typed. The number counts redemptions."),
    Field("site", "texts", "Site", "redemptions", "The number counts redemptions."),
    Field("cancelled", "yes or no", "Redemptions shown", "redemptions"),
    Field("status", "texts", "Status", "codes", words=STATUS_WORDS),
    Field("list", "list", "List of codes", "codes"),
    Field("from", "date", "From", "redemptions", "The whole day is included."),
    Field("to", "date", "To", "redemptions", "The whole day is included."),
    Field("start_from", "date", "Starts from", "codes",
          "The whole day is included. A code without a start is in no such range."),
    Field("start_to", "date", "Starts until", "codes",
          "The whole day is included. A code without a start is in no such range."),
    Field("expiry_from", "date", "Expires from", "codes",
          "The whole day is included. A code that never expires is in no such range."),
    Field("expiry_to", "date", "Expires until", "codes",
          "The whole day is included. A code that never expires is in no such range."),
    Field("asof", "date", "As of", "codes",
          "Statuses are as of the start of this day, 00:00. "
          "Without a day: the end of the period, or until when the data reach."),
    Field("rest", "yes or no", "Everything else", "codes",
          "What the filters of codes do not choose; without one, the redemptions that site, "
          "campaign and cancelled do not choose.", {"yes": "everything else"}),
)  # fmt: skip
EXCLUDING = {f.name: f.excluding() for f in CHOOSING if f.takes == "texts"}
# Each filter of texts is followed by the one that excludes its values.
FIELDS = tuple(
    field for chosen in CHOOSING for field in (chosen, EXCLUDING.get(chosen.name)) if field
)
BY_NAME = {field.name: field for field in FIELDS}
PARAMETERS = tuple(BY_NAME)
IN_BOTH = ("from", "to", "asof", "rest")  # what a choice and everything else than it share
OF_CODES_DATES = ("start_from", "start_to", "expiry_from", "expiry_to")
# What stands before "from" and "to" in the parameters of a range, and what is said before its days.
RANGES = {"": "", "start_": "starts ", "expiry_": "expires "}
# Phrases and chips begin with these; a phrase has them and the folder in its main clause.
INSTANT = timedelta(microseconds=1)  # no moment lies between two of them
FIRST_IN_WORDS = ("group", "prefix", "batch")
IN_MAIN_CLAUSE = (*FIRST_IN_WORDS, "folder", "list")
TEXTS = tuple(field.name for field in FIELDS if field.takes == "texts")
PREFIXES = ("prefix", f"prefix{NOT}")
LISTS = (*FIRST_IN_WORDS, *(name for name in EXCLUDING if name not in FIRST_IN_WORDS))


@dataclass(frozen=True)
class Filters:
    """None chooses everything, an empty tuple nothing. The ends of a range are whole days.

    `rest` turns them round: it chooses what the other filters do not, in the same period.
    `excluded` has the parameters that exclude ("site!") and their values, in the order of the
    URL: with_() sets them. `list_` is the key of a list that the person has brought, `listed` what
    is known of that list; without it, the list chooses nothing. `access` is what the person who
    asks may see. Neither of the last two is in a URL.
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
    list_: str | None = None
    from_: date | None = None
    to: date | None = None
    start_from: date | None = None
    start_to: date | None = None
    expiry_from: date | None = None
    expiry_to: date | None = None
    asof: date | None = None
    rest: bool | None = None
    excluded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    listed: Listed | None = None
    access: Access = EVERYTHING

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> tuple["Filters", list[str]]:
        """Read a URL's parameters. Returns what could be read, and a sentence per problem."""
        texts: dict[str, list[str]] = {}
        for name, text in pairs:
            texts.setdefault(name, []).append(text)
        filters, problems = cls(), []
        for name, given in texts.items():
            if name not in BY_NAME:
                problems.append(_no_filter(name))
                continue
            value, unreadable = BY_NAME[name].read(given)
            filters = filters.with_(name, value)
            problems += unreadable
        return filters, problems

    def to_query(self) -> list[tuple[str, str]]:
        """The parameters of the URL with these filters."""
        return [(name, value) for name in PARAMETERS for value in self.texts(name)]

    def value(self, name: str) -> Any:  # noqa: ANN401
        """The value of one URL parameter, as the field takes it; None where none is in force."""
        if name.endswith(NOT):
            return dict(self.excluded).get(name)
        return getattr(self, _attribute(name))

    def texts(self, name: str) -> list[str]:
        """The values of one URL parameter, as it has them."""
        value = self.value(name)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        return [value.isoformat()] if isinstance(value, date) else list(value)

    def with_(self, name: str, value: object) -> "Filters":
        """The same filters with another value (None: everything) for a URL parameter."""
        if name == "list":
            return replace(self, list_=value, listed=None)  # type: ignore[arg-type]
        if not BY_NAME[name].excludes:
            return replace(self, **{_attribute(name): value})  # type: ignore[arg-type]
        values = dict(self.excluded) | {name: value}
        excluded = tuple((n, values[n]) for n in PARAMETERS if values.get(n))
        return replace(self, excluded=excluded)  # type: ignore[arg-type]

    def narrowed(self, name: str, value: object) -> "Filters":
        """The same filters with a value that was picked among the chosen rows.

        Of everything else no filter can choose a part: then it is all rows with that value, in
        the same period.
        """
        filters = self
        for turned in (*self._of(self.rest_of() or "codes"), "rest") if self.rest else ():
            filters = filters.with_(turned, None)
        return filters.with_(name, value)

    def without(self, chip: str) -> "Filters":
        """The same filters without what a chip says: of a range both ends."""
        filters = self.with_(chip, None)
        prefix = chip.removesuffix("from")
        return filters.with_(f"{prefix}to", None) if prefix in RANGES else filters

    def as_of(self, data_until: datetime) -> datetime:
        """The moment that judges statuses: the chosen day, else the end of the period or data.

        The last moment of the period, not the first after it: what starts then is not live in it.
        """
        if self.asof is not None:
            return _midnight(self.asof)
        return data_until if self.to is None else min(_end(self.to) - INSTANT, data_until)

    def parameters(self, data_until: datetime) -> dict[str, object]:
        """The struct f that the macros take.

        `until` is exclusive; `live_until` ends the period in which codes are live, which is open
        where none is chosen.
        """
        until = None if self.to is None else _end(self.to)
        access, rest = self.access, self.rest_of()
        lists = {name: _listed(self.value(name)) for name in TEXTS}
        seen = {
            "group": _among(self.group, access.groups),
            "folder": _among(self.folder, access.folders),
        }
        return {
            **lists,
            **({} if rest else seen),  # what is turned round may name nothing but what is chosen
            **{name: _listed(self.answered_prefixes(name)) for name in PREFIXES},
            **self._moments(),
            "cancelled": self.cancelled,
            "live_until": until if self.from_ is None else until or _after(data_until),
            "asof": self.as_of(data_until),
            "data_until": data_until,
            "groups": _listed(access.groups),
            "folders": _listed(access.folders),
            "narrows": bool(
                rest or self.excluded or self.list_ or any(map(self.value, OF_CODES_DATES))
            ),
            "listed": self._table,
            "rest": rest,
            "masked": access.masked,
            "hidden": _listed(access.hidden),
        }

    def _moments(self) -> dict[str, datetime | None]:
        """The ends of the ranges: `from` and its like are inclusive, `until` exclusive."""
        moments = {}
        for name in RANGES:
            first, last = self.value(f"{name}from"), self.value(f"{name}to")
            moments[f"{name}from"] = None if first is None else _midnight(first)
            moments[f"{name}until"] = None if last is None else _end(last)
        return moments

    @property
    def _table(self) -> str | None:
        """The table with the codes of the list in force."""
        if self.list_ is None:
            return None
        return self.listed.table if self.listed else NO_LIST

    def prefixes(self) -> tuple[str, ...]:
        """The prefixes that are chosen or excluded."""
        return tuple(dict.fromkeys(text for name in PREFIXES for text in self.texts(name)))

    def answered_prefixes(self, name: str = "prefix") -> Values:
        """The prefixes of a parameter; for a person who sees codes masked, those that may choose.

        The others match nothing: they exclude no row either.
        """
        values: Values = self.value(name)
        if values is None or not self.access.masked:
            return values
        return tuple(value for value in values if value in self.access.answered)

    def judges_status(self) -> bool:
        """Whether a filter is in force that chooses by the status of codes."""
        return self.status is not None or bool(self.texts(f"status{NOT}"))

    def narrows_redemptions(self) -> bool:
        """Whether a filter is in force that chooses redemptions and not codes."""
        return any(self.texts(f.name) for f in FIELDS if f.chooses == "redemptions")

    def rest_of(self) -> Literal["codes", "redemptions"] | None:
        """What `rest` turns round, if it is in force: the filters of codes before all others."""
        if not self.rest:
            return None
        return "redemptions" if self._of("redemptions") and not self._of("codes") else "codes"

    def has_rest(self) -> bool:
        """Whether a filter is in force that anything but its choice can be compared with."""
        return bool(self._of("codes") or self._of("redemptions"))

    def _of(self, what: Literal["codes", "redemptions"]) -> list[str]:
        """The parameters in force that choose codes, or redemptions, and not a time."""
        of = (f.name for f in FIELDS if f.chooses == what and f.name not in IN_BOTH)
        return [name for name in of if self.value(name) is not None]

    def chips(self, most: int | None = None) -> dict[str, str]:
        """Each filter in force in words, by the URL parameter that removes it.

        `most` limits how many values of a filter it names; it counts the others.
        """
        words = {}
        for name in LISTS:
            if (value := self.value(name)) is not None:
                words[name] = ", ".join(few(_shown(name, value), most))
            if value := self.value(name + NOT):
                words[name + NOT] = f"not {listed(_shown(name, value), most, 'or')}"
        if self.list_:
            words["list"] = f"a list of {self.listed.lines:,} codes" if self.listed else "a list"
        if self.cancelled is not None:
            words["cancelled"] = (
                "cancelled redemptions" if self.cancelled else "redemptions not cancelled"
            )
        for name, verb in RANGES.items():
            first, last = self.value(f"{name}from"), self.value(f"{name}to")
            if first or last:
                words[f"{name}from"] = verb + days(first, last, "from" if verb else "since")
        if self.asof:
            words["asof"] = f"status as of {day(self.asof)}"
        if self.rest:
            words["rest"] = BY_NAME["rest"].words["yes"]
        return words

    def in_words(self, most: int | None = None) -> str:
        """One phrase: "Email and SMS in January 2016, site not Site001, 10–16 Jan 2016".

        `most` limits how many values of a filter it names; it counts the others.
        """
        if self.rest:
            return self._rest_in_words(most)
        return ", ".join([self._main_clause(most), *self._details(most)])

    def _rest_in_words(self, most: int | None) -> str:
        """The phrase "Everything but Email and SMS, Jan 2016"."""
        turned = Filters()
        for name in self._of(self.rest_of() or "codes"):
            turned = turned.with_(name, self.value(name))
        turned = replace(turned, listed=self.listed)
        main = turned._main_clause(most).removeprefix("All ")
        but = ", ".join([*([] if main == "codes" else [main]), *turned._details(most)])
        kept = replace(self, rest=None)
        for name in turned.chips():
            kept = kept.without(name)
        return ", ".join([f"Everything but {but}" if but else "Nothing", *kept._details(most)])

    def _main_clause(self, most: int | None) -> str:
        begin = f"odes that begin with {listed(self.prefix, most)}" if self.prefix else ""
        main = listed(self.group or (), most) or (f"C{begin}" if begin else "All codes")
        for words, values in ((" in ", self.folder), (", batch ", self.batch)):
            main += words + listed(values, most) if values else ""
        if self.list_:
            main += f"{'' if main == 'All codes' else ','} in {self.chips()['list']}"
        return f"{main}, c{begin}" if self.group and begin else main

    def _details(self, most: int | None) -> list[str]:
        """What the main clause does not say, a phrase each."""
        chips = {n: words for n, words in self.chips(most).items() if n not in IN_MAIN_CLAUSE}
        return [
            f"{base_of(name)} {words}" if BY_NAME[name].takes == "texts" else words
            for name, words in chips.items()
            if words
        ]

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
    words = BY_NAME[name].words
    return tuple(words.get(value, value) for value in values)


def _attribute(name: str) -> str:
    # `from` is a keyword of Python and `list` a type, so their attributes have other names.
    return f"{name}_" if name in ("from", "list") else name


def _no_filter(name: str) -> str:
    shown = f" “{name}”" if re.fullmatch(rf"[a-z_]{{1,20}}{NOT}?", name) else ""
    names = ", ".join(field.name for field in CHOOSING)
    return f"There is no filter{shown}; there are {names}, and of texts also with {NOT} at the end."


def _after(moment: datetime) -> datetime:
    """The first moment after another one, inside the calendar."""
    return moment if moment == datetime.max else moment + INSTANT


def _end(day: date) -> datetime:
    """The midnight that ends a day; of the last possible day, its last microsecond."""
    return datetime.max if day == LAST_DAY else _midnight(day + timedelta(days=1))


def _midnight(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)
