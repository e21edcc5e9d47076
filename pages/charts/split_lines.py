"""The lines of a chart that is split by a name, in their order and with their looks."""

from typing import NamedTuple

import pandas as pd

from pages.answers.memo import memoized
from pages.charts.cohorts import SPLITS, shown
from pages.charts.style import LINES, REST
from pages.text.numbers import plural

MOST = len(LINES)  # names with a line of their own
# Beside its colour and its dashes each line has marks of its own.
SYMBOLS = (
    "circle", "square", "diamond", "triangle-up", "triangle-down", "star", "hexagon", "pentagon",
)  # fmt: skip
OTHERS = {"color": REST, "dash": "dot"}, "x"
NAMELESS = {"color": REST, "dash": "dashdot"}, "cross"


class Line(NamedTuple):
    """One line: its name in the data (None: several gathered) and on the screen, and its rows."""

    name: str | None
    label: str
    rows: pd.DataFrame
    look: dict[str, str]
    symbol: str
    names: int = 1  # how many it stands for

    @property
    def net(self) -> int:
        """Its net redemptions."""
        return int(self.rows["net"].sum())

    @property
    def cancelled(self) -> int:
        """Its cancelled redemptions."""
        return int(self.rows["cancelled"].sum())


class Split(NamedTuple):
    """The lines of a result of over_time_split.sql, and what is counted beside them."""

    named: list[Line]
    others: Line | None
    nameless: Line | None
    beside: int  # redemptions known only from codes files, which a split by site does not show

    @property
    def lines(self) -> list[Line]:
        """All lines: those with a name, the others, and what has no name."""
        return [*self.named, *(line for line in (self.others, self.nameless) if line)]


@memoized
def split(frame: pd.DataFrame, by: str) -> Split:
    """The lines of a result; months of start in their own order, other names from the most net."""
    beside = frame[frame["from_codes_file"].astype(bool)]
    rest = frame[~frame["from_codes_file"].astype(bool)]
    gathered, named = rest[rest["name"].isna()], rest[rest["name"].notna()]
    names = list(named["name"].drop_duplicates())
    nothing = no_name(by)
    if by == "month":
        names.sort()
    looks = zip(LINES, SYMBOLS, strict=True)
    return Split(
        [
            Line(name, shown(name, by), named[named["name"] == name], *look)
            for name, look in zip((n for n in names if n != nothing), looks, strict=False)
        ],
        _others(gathered, by) if len(gathered) else None,
        Line(nothing, nothing, named[named["name"] == nothing], *NAMELESS)
        if nothing in names
        else None,
        int((beside["net"] + beside["cancelled"]).sum()),
    )


def no_name(by: str) -> str:
    """What stands for a name where there is none."""
    return "(no start)" if by == "month" else f"(no {by})"


def _others(rows: pd.DataFrame, by: str) -> Line:
    count, kind = int(rows["names"].iloc[0]), SPLITS[by]
    label = plural(count, f"other {kind.one}", f"other {kind.several}")
    return Line(None, label, rows, *OTHERS, count)


def drawn(parts: Split) -> list[Line]:
    """The lines that fit one scale: not the others, or what has no name, where they would dwarf."""
    if not parts.named:
        return parts.lines
    most = max(line.rows["net"].max() for line in parts.named)
    return [line for line in parts.lines if line.rows["net"].max() <= most]
