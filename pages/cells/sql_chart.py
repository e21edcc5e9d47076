"""The chart of an SQL cell: of its rows, by a kind, two columns, and a third one for the colour."""

from numbers import Number

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from pages.charts.split_lines import SYMBOLS
from pages.charts.style import LINES, NET, named_bars
from pages.charts.style import figure_of as styled
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import plural
from queries.notebooks.keys import Keys, Look
from queries.notebooks.written import is_missing, is_rate, written
from queries.text import listed

KINDS = ("bar", "line", "area", "scatter")
NOTHING = "(none)"
MOST_COLOURS = len(LINES)
MOST_BARS = 60  # names beside bars; more of them could not be read
LONGEST_NAME = 26  # letters in a legend


class NoFigure(Exception):
    """The rows cannot be drawn so; the text is a sentence."""


def look_of(keys: Keys) -> Look:
    """What the keys of an SQL cell choose."""
    return Look(*(keys.text(name) for name in Look._fields))


def suggested(table: pd.DataFrame) -> Look:
    """A look for rows, by the types of their columns: none where there is nothing to draw."""
    names = [str(name) for name in table.columns]
    numbers = [name for name in names if _is_number(table[name])]
    times = [name for name in names if _is_time(table[name])]
    texts = [name for name in names if name not in (*numbers, *times)]
    if len(table) < 2 or not numbers:
        return Look()
    if times:
        return Look("line", times[0], numbers[0], _colour_among(table, texts, times[0]))
    if texts:
        return Look("bar", texts[0], numbers[0], _colour_among(table, texts[1:], texts[0]))
    return Look("scatter", numbers[0], numbers[1]) if len(numbers) > 1 else Look()


def figure_of(table: pd.DataFrame, kind: str, x: str, y: str, colour: str = "") -> go.Figure:
    """The chart of rows in the style of all charts. Raises NoFigure."""
    look = _checked(table, Look(kind, x, y, colour))
    rows = _drawable(table, look)
    if look.chart == "bar" and not _is_axis(table[look.x]):
        return _named_bars(rows, look)
    marks = [
        _marks(part, look, name, place) for place, (name, part) in enumerate(_parts(rows, look))
    ]
    layout: dict[str, object] = {"barmode": "stack"} if look.chart == "bar" else {}
    return styled(
        marks,
        x={"title": plotly_text(look.x)} | _axis(look.x, table[look.x]),
        y={"title": plotly_text(look.y)} | _axis(look.y, table[look.y]) | _zero(look),
        showlegend=bool(look.colour),
        **layout,
    )


def reading(table: pd.DataFrame, kind: str, x: str, y: str, colour: str = "") -> str:
    """The sentence that reads the chart: how many rows, from where to where, and what is highest.

    Raises NoFigure.
    """
    look = _checked(table, Look(kind, x, y, colour))
    rows = table[table[look.y].notna()]
    sentence = f"{plural(len(table), 'row')}."
    if rows.empty:
        return f"{sentence} {look.y} has no value."
    numbers = rows[look.y].astype(float).to_numpy()
    highest, lowest = rows.iloc[int(numbers.argmax())], rows.iloc[int(numbers.argmin())]
    if highest[look.y] == lowest[look.y]:
        sentence += f" {look.y} is {written(look.y, highest[look.y])} in each."
    else:
        sentence += (
            f" {look.y} is highest, {written(look.y, highest[look.y])}, at {_at(highest, look)}; "
            f"lowest, {written(look.y, lowest[look.y])}, at {_at(lowest, look)}."
        )
    return sentence + _left_out(table, look)


def _at(row: pd.Series, look: Look) -> str:
    columns = (look.x, look.colour) if look.colour else (look.x,)
    return ", ".join(_name(name, row[name]) for name in columns)


def _left_out(table: pd.DataFrame, look: Look) -> str:
    """How much is not drawn, and that it is in the table."""
    parts = []
    if look.colour and (several := table[look.colour].nunique(dropna=False)) > MOST_COLOURS:
        parts.append(f"{MOST_COLOURS} of {several:,} values of {look.colour}")
    if look.chart == "bar" and not _is_axis(table[look.x]):
        several = table[look.x].nunique(dropna=False)
        if several > MOST_BARS:
            parts.append(f"{MOST_BARS} of {several:,} values of {look.x}")
    return f" Drawn are {listed(parts)}, those with the most; the table has all." if parts else ""


def _checked(table: pd.DataFrame, look: Look) -> Look:
    """The look with the columns as they are spelt in the table. Raises NoFigure."""
    if look.chart not in KINDS:
        raise NoFigure(f"A chart is of kind {listed(KINDS, word='or')}, not {look.chart}.")
    usual = suggested(table)
    x = _column(table, "x", look.x or usual.x)
    y = _column(table, "y", look.y or usual.y)
    if not _is_number(table[y]):
        raise NoFigure(f"y is a column of numbers, and {y} is none.")
    colour = _column(table, "colour", look.colour) if look.colour else ""
    return Look(look.chart, x, y, colour)


def _column(table: pd.DataFrame, what: str, name: str) -> str:
    names = [str(column) for column in table.columns]
    same = [one for one in names if one.casefold() == name.casefold()]
    if not same:
        is_there = f"There is no column {name}" if name else f"{what} is to name a column"
        raise NoFigure(f"{is_there}: the cell has {listed(names, 12)}.")
    return same[0]


def _drawable(table: pd.DataFrame, look: Look) -> pd.DataFrame:
    """The columns that are drawn, with numbers that end; those of the colour as its names."""
    numbers = table[look.y].astype(float)
    rows = pd.DataFrame({"x": table[look.x], "y": numbers.where(numbers.abs() < float("inf"))})
    names = table[look.colour] if look.colour else pd.Series("", index=table.index)
    rows["name"] = [_name(look.colour, value) if look.colour else "" for value in names]
    if look.chart in ("line", "area") and _is_axis(table[look.x]):
        rows = rows.sort_values("x", kind="stable")
    return rows


def _parts(rows: pd.DataFrame, look: Look) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each colour, those with the most first."""
    if not look.colour:
        return [("", rows)]
    most = rows.groupby("name", sort=False)["y"].sum().sort_values(ascending=False, kind="stable")
    return [(str(name), rows[rows["name"] == name]) for name in most.index[:MOST_COLOURS]]


def _marks(part: pd.DataFrame, look: Look, name: str, place: int) -> BaseTraceType:
    """The marks of one colour."""
    colour = LINES[place % len(LINES)]["color"] if look.colour else NET
    shared = {
        "x": _values(part["x"], look.x),
        "y": part["y"],
        "name": plotly_text(shortened(name, LONGEST_NAME)),
        "text": _texts(part, look),
        "hovertemplate": "%{text}<extra></extra>",
        "textposition": "none",
    }
    if look.chart == "bar":
        return go.Bar(marker={"color": colour}, **shared)
    shared.pop("textposition")
    mode = {"scatter": "markers", "line": "lines+markers", "area": "lines"}[look.chart]
    line = {"color": colour, "dash": LINES[place % len(LINES)]["dash"] if look.colour else "solid"}
    marker = {"color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)], "size": 6}
    filled = {"stackgroup": "one"} if look.chart == "area" else {}
    return go.Scatter(mode=mode, line=line, marker=marker, **filled, **shared)


def _named_bars(rows: pd.DataFrame, look: Look) -> go.Figure:
    """Horizontal bars with names on the left, in the order of the rows, the first on top."""
    rows = rows.assign(x=[_name(look.x, value) for value in rows["x"]])
    if rows["x"].nunique() > MOST_BARS:
        most = rows.groupby("x")["y"].sum().nlargest(MOST_BARS).index
        rows = rows[rows["x"].isin(most)]
    names = pd.Series(list(dict.fromkeys(rows["x"]))[::-1], dtype="object")
    bars = []
    for place, (name, part) in enumerate(_parts(rows, look)):
        sums = part.groupby("x")["y"].sum(min_count=1).reindex(names)
        texts = [
            plotly_text(f"{one}{f', {name}' if name else ''}: {written(look.y, value)}")
            for one, value in zip(names, sums, strict=True)
        ]
        bars.append(
            go.Bar(
                x=sums.tolist(),
                orientation="h",
                name=plotly_text(shortened(name, LONGEST_NAME)),
                marker={"color": LINES[place % len(LINES)]["color"] if look.colour else NET},
                text=texts,
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
    x = {"title": plotly_text(look.y)} | _axis(look.y, rows["y"]) | _zero(look)
    return named_bars(names, bars, x=x, barmode="stack", showlegend=bool(look.colour))


def _texts(part: pd.DataFrame, look: Look) -> list[str]:
    """What is shown of each mark when somebody points at it."""
    return [
        plotly_text(f"{name + ', ' if name else ''}{_name(look.x, x)}: {written(look.y, y)}")
        for x, y, name in zip(part["x"], part["y"], part["name"], strict=True)
    ]


def _values(column: pd.Series, name: str) -> list[object]:
    """The places on an axis: texts as they may be shown, numbers and times as they are."""
    if _is_axis(column):
        return list(column)
    return [plotly_text(shortened(_name(name, value), LONGEST_NAME)) for value in column]


def _axis(name: str, column: pd.Series) -> dict[str, object]:
    """The axis of a column: rates in percent; of texts those that stand in the rows, unread."""
    if is_rate(name) and _is_number(column):
        return {"tickformat": ".0%"}
    return {} if _is_axis(column) else {"type": "category"}


def _zero(look: Look) -> dict[str, object]:
    """A length tells a number only from zero; places of dots and lines tell it anyway."""
    return {"rangemode": "normal" if look.chart == "scatter" else "tozero"}


def _name(column: str, value: object) -> str:
    return NOTHING if is_missing(value) else written(column, value)


def _colour_among(table: pd.DataFrame, texts: list[str], x: str) -> str:
    """A column of few names, where several rows have the same x."""
    if not texts or not table[x].duplicated().any():
        return ""
    few = (n for n in texts if 1 < table[n].nunique(dropna=False) <= MOST_COLOURS)
    return next(few, "")


def _is_axis(column: pd.Series) -> bool:
    """Whether the values of a column have places of their own: numbers and times."""
    return _is_number(column) or _is_time(column)


def _is_number(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    values = column.dropna()
    return len(values) > 0 and all(
        isinstance(value, Number) and not isinstance(value, bool) for value in values
    )


def _is_time(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    values = column.dropna()
    return len(values) > 0 and all(hasattr(value, "isoformat") for value in values)
