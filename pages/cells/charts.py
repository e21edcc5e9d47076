"""The chart that a cell of a notebook names: one of the pages', or the plain rows of a query."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from pages.charts.chart import Chart
from pages.charts.cohorts import SPLITS
from pages.charts.over_time import REDEMPTIONS, over_time
from pages.charts.over_time_split import over_time_split
from pages.charts.periods import GRAINS
from pages.charts.uptake_by_group import uptake_by_group
from pages.frame.scopes import ALL_TIME, of_period
from pages.pivoting.choice import Choice, choice_of
from pages.pivoting.dimensions import DIMENSIONS
from pages.pivoting.grid import CENT
from pages.pivoting.pivot_chart import pivot_chart
from pages.tables.checks import BY_NAME
from pages.tables.table_files import TableFile, table_files, typed_file
from pages.text.numbers import plural
from queries.engine import by_name
from queries.engine.paging import CODES, TIES
from queries.notebooks.meaning import USUAL_OF_PIVOT, Meaning
from queries.notebooks.offered import why_not_offered
from queries.notebooks.pinning import text_of
from queries.notebooks.written import is_rate
from queries.text import listed

Texts = Mapping[str, str]
OVER_TIME = "Redemptions over time"
OF_ROWS = (*CODES, "transaction_id")
SHOWN = ("numbers", "rate")


class NoChart(Exception):
    """A cell names no chart that there is; the text is a sentence."""


def chart_of(meaning: Meaning) -> Chart:
    """The chart of a cell, under the cell's title. Raises NoChart.

    Call it where the cell's choice is in force: a rate of a period is one of the codes live in it.
    """
    query, texts = meaning.query, meaning.values
    show = meaning.keys.text("show")
    chart = _drawn(query, texts, show) or _of_file(query, texts, show) or _of_rows(query, texts)
    return replace(chart, title=meaning.keys.text("title") or chart.title)


def pivot_choice(meaning: Meaning) -> Choice:
    """What a pivot is of. Raises NoChart."""
    texts = {**USUAL_OF_PIVOT, "days": "28", "per_day": "no", **meaning.values}
    choice = choice_of(texts)
    if choice is None:
        raise NoChart(
            f"There is no such pivot: rows and columns are among {listed(list(DIMENSIONS))}, and "
            "not every measure has each of them."
        )
    return choice


def pivot_of(meaning: Meaning) -> Chart:
    """The pivot of a cell with all rows and columns. Raises NoChart."""
    chart = pivot_chart(pivot_choice(meaning))
    return replace(chart, title=meaning.keys.text("title") or chart.title)


def _drawn(query: str, texts: Texts, show: str) -> Chart | None:
    """A chart that looks another way where a cell says so."""
    make = MAKERS.get(query)
    if make is None:
        return None
    if show not in ("", *SHOWN):
        raise NoChart(f"A chart shows {listed(list(SHOWN), word='or')}, not {show}.")
    return make(texts, show == "rate")


def _over_time(texts: Texts, shows_rate: bool) -> Chart:
    return over_time(OVER_TIME, REDEMPTIONS, _grain(texts), shows_rate=shows_rate)


def _over_time_split(texts: Texts, shows_rate: bool) -> Chart:
    by = _among("by", texts, list(SPLITS), "group")
    return over_time_split(OVER_TIME, REDEMPTIONS, _grain(texts), by, shows_rate=shows_rate)


def _uptake_by_group(_: Texts, __: bool) -> Chart:
    return uptake_by_group(in_period=of_period() != ALL_TIME)


MAKERS: dict[str, Callable[[Texts, bool], Chart]] = {
    "over_time": _over_time,
    "over_time_split": _over_time_split,
    "uptake_by_group": _uptake_by_group,
}


def _grain(texts: Texts) -> str:
    return _among("grain", texts, list(GRAINS), "day")


def _among(name: str, texts: Texts, values: list[str], usual: str) -> str:
    text = texts.get(name, usual)
    if text not in values:
        raise NoChart(f"{name} is {listed(values, word='or')}, not {text}.")
    return text


def _of_file(query: str, texts: Texts, show: str) -> Chart | None:
    """The first chart of the pages with this key or query that has all the values named.

    Of those that are made of one result another way, the one that the cell shows.
    """
    charts = [file for file in table_files() if isinstance(file, Chart)]
    of_query = [chart for chart in charts if chart.query == query]
    same = [chart for chart in of_query if show and chart.options.get("show") == show]
    same = same or [chart for chart in charts if chart.key == query] or of_query
    if not same:
        return None
    fits = next((chart for chart in same if _has(chart, texts)), None)
    if fits is not None:
        return fits
    usual = {name: text_of(value) for name, value in same[0].values.items()}
    found = typed_file(same[0].key, {**usual, **texts})
    if isinstance(found, Chart):
        return found
    takes = listed([f"{n}={v}" for n, v in usual.items()]) or "nothing"
    raise NoChart(f"The chart {query} takes no such values; one that works is {takes}.")


def _has(file: TableFile, texts: Texts) -> bool:
    values = {name: text_of(value) for name, value in file.values.items()}
    return texts.items() <= values.items()


def _of_rows(query: str, texts: Texts) -> Chart:
    """The rows of any query as a table. Raises NoChart."""
    if query not in by_name.names():
        raise NoChart(f"There is no chart or query {query}.")
    if reason := why_not_offered(query, texts):
        raise NoChart(reason)
    wanted = by_name.wanted(query)
    if unknown := sorted(set(texts) - set(wanted)):
        raise NoChart(f"The query {query} does not take {listed(unknown)}.")
    if missing := [name for name in wanted if name not in texts and name not in by_name.DEFAULTS]:
        raise NoChart(f"The query {query} needs {listed(missing)}.")
    values = {name: _typed(name, texts) for name in wanted}
    return Chart(
        title=query.replace("_", " ").capitalize(),
        query=query,
        definition="The rows of a query, as `python -m queries.run` prints them.",
        figure=lambda _: None,
        reading=lambda frame: f"{plural(len(frame), 'row')}.",
        table=_plain,
        values=values,
    )


def lists_rows(chart: Chart, frame: pd.DataFrame) -> bool:
    """Whether a chart is the plain rows of a query, each of a code or a redemption."""
    return chart.table is _plain and bool(set(OF_ROWS) & {str(name) for name in frame.columns})


def _typed(name: str, texts: Texts) -> object:
    """A parameter as the query takes it. Raises NoChart."""
    if name not in texts:
        return by_name.DEFAULTS[name]
    text = texts[name]
    if name in by_name.WHOLE_NUMBERS:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise NoChart(f"{name} is a whole number, not {text}.")
        return int(text)
    if name in by_name.YES_OR_NO:
        return by_name.YES_OR_NO[name].get(text, False)
    return [text] if name in by_name.SEVERAL else text


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows under readable names; of a chart's table, every column of floats is one of rates."""
    rows = frame.drop(columns=list(TIES), errors="ignore")
    floats = [name for name, kind in rows.dtypes.items() if kind.kind == "f"]
    exact = {str(name): _exact(rows[name]) for name in floats if not is_rate(str(name))}
    if "check" in rows.columns:
        exact["check"] = rows["check"].map(_check_in_words)
    names = {str(name): str(name).replace("_", " ").capitalize() for name in rows.columns}
    return rows.assign(**exact).rename(columns=names)


def _check_in_words(name: str) -> str:
    return BY_NAME[name].title if name in BY_NAME else name


def _exact(column: pd.Series) -> pd.Series:
    """Numbers that are no rates: whole ones, also with gaps, or decimals."""
    if (column.dropna() % 1 == 0).all():
        return column.astype("Int64")
    exact = [None if pd.isna(value) else Decimal(value).quantize(CENT) for value in column]
    return pd.Series(exact, index=column.index, dtype="object")
