"""What a tile shows beside its number: a change, or the number of a second choice."""

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from pages.charts import compared
from pages.charts.changes import change_of


class Beside(Protocol):
    """What a tile shows beside its number."""

    def delta(self, label: str, numbers: pd.Series) -> str | int | None:
        """How far its number is from another one."""
        ...

    def sentences(self, label: str, numbers: pd.Series) -> list[str]:
        """The other one in words."""
        ...


@dataclass(frozen=True)
class Changes:
    """The change against the period before, if there is one."""

    before: pd.Series | None

    def delta(self, label: str, numbers: pd.Series) -> str | int | None:
        """The change in percent, or points."""
        return change_of(label, numbers, self.before)

    def sentences(self, label: str, numbers: pd.Series) -> list[str]:
        """None: below the tiles it says with which period they are compared."""
        return []


@dataclass(frozen=True)
class Both:
    """The numbers of a second choice, and what that is called.

    `same` are the labels of the tiles that it does not change.
    """

    others: pd.Series
    name: str
    is_same_length: bool
    same: tuple[str, ...] = ()

    def delta(self, label: str, numbers: pd.Series) -> str | int | None:
        """The difference."""
        if label in self.same:
            return None
        return compared.delta(self._of(label, numbers))

    def sentences(self, label: str, numbers: pd.Series) -> list[str]:
        """The second number, the interval of the difference, and whether it is chance."""
        if label in self.same:
            return []
        both = self._of(label, numbers)
        by_chance = "within what chance does" if both.is_by_chance else ""
        second = f"{self.name}: {compared.second_number(both)}"
        return [sentence for sentence in (second, compared.interval(both), by_chance) if sentence]

    def _of(self, label: str, numbers: pd.Series) -> compared.Compared:
        return compared.compared(label, numbers, self.others, is_same_length=self.is_same_length)
