"""One filter as an address has it: its parameter, and how the parameter's texts are read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from queries.text import read_day

# The days that a file may have (stamp() in data/store/macros/typing.sql) and a filter choose.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date.max
LONGEST_VALUE = 8 * 1024  # bytes of a value in UTF-8; no name of a file is longer
NO_TEXT = re.compile(r"[\ud800-\udfff]")  # what a command makes of bytes that are no UTF-8
# What names a list that somebody has brought; secrets.token_urlsafe(9) makes one of 12 characters.
LIST_KEY = re.compile(r"[A-Za-z0-9_-]{1,12}")
YES_OR_NO = {"yes": True, "no": False}
NOT = "!"  # ends the parameter that excludes the values of another one
ANY_TEXT: Mapping[str, str] = MappingProxyType({})


def base_of(parameter: str) -> str:
    """The parameter that chooses the values which this one chooses or excludes."""
    return parameter.removesuffix(NOT)


class Unreadable(ValueError):
    """Texts of a URL's parameter that are no value of it; says so in a sentence."""


class Field(NamedTuple):
    """One filter: its URL parameter, what it takes, and how the pages call it."""

    name: str
    takes: Literal["texts", "yes or no", "date", "list"]
    label: str
    chooses: Literal["codes", "redemptions"]
    help: str | None = None
    words: Mapping[str, str] = ANY_TEXT  # of its values, where it takes no others

    @property
    def excludes(self) -> bool:
        """Whether its values are those that are not chosen."""
        return self.name.endswith(NOT)

    def excluding(self) -> "Field":
        """The filter of the same values that excludes them."""
        return self._replace(name=self.name + NOT, label=f"{self.label} is not")

    def read(self, texts: Sequence[str]) -> tuple[object, list[str]]:
        """The value of a URL's texts, None where none is left, and a sentence per problem."""
        usable, problems = self._usable(texts)
        try:
            return (self._value(usable) if usable else None), problems
        except Unreadable as error:
            return None, [*problems, str(error)]

    def _usable(self, texts: Sequence[str]) -> tuple[list[str], list[str]]:
        """The texts that can be used, and a sentence about those that cannot."""
        short = [t for t in texts if len(t.encode("utf-8", "surrogatepass")) <= LONGEST_VALUE]
        usable = [text for text in short if not self.words or text in self.words]
        takes = []
        if len(short) < len(texts):
            takes.append(f"no value of more than {LONGEST_VALUE:,} bytes")
        if len(usable) < len(short):
            takes.append(", ".join(self.words))
        return usable, [f"The filter {self.name} takes {words}." for words in takes]

    def _value(self, texts: list[str]) -> object:
        """The value of texts that can be used. Raises Unreadable."""
        if "" in texts:
            raise Unreadable(f"The filter {self.name} has no value.")
        if any(NO_TEXT.search(text) for text in texts):
            raise Unreadable(f"The filter {self.name} has bytes that are no text (UTF-8).")
        if self.takes == "texts":
            return tuple(dict.fromkeys(texts))
        if len(texts) > 1:
            raise Unreadable(f"The filter {self.name} takes one value, and was given {len(texts)}.")
        if self.takes == "list":
            return self._list(texts[0])
        return self._yes_or_no(texts[0]) if self.takes == "yes or no" else self._date(texts[0])

    def _list(self, text: str) -> str:
        if not LIST_KEY.fullmatch(text):
            raise Unreadable(f"The filter {self.name} takes the key of a list of codes.")
        return text

    def _yes_or_no(self, text: str) -> bool:
        if text not in YES_OR_NO:
            raise Unreadable(f"The filter {self.name} takes yes or no.")
        return YES_OR_NO[text]

    def _date(self, text: str) -> date:
        value = read_day(text)
        if value is None:
            raise Unreadable(f"The filter {self.name} takes a date like 2026-11-23.")
        if not FIRST_DAY <= value <= LAST_DAY:
            raise Unreadable(f"The filter {self.name} takes a date from 1 Jan 1900 on.")
        return value
