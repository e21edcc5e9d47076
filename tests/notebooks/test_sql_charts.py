"""The charts of SQL cells: what is suggested, drawn and said of rows of any types."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.cells.sql_chart import KINDS, NoFigure, figure_of, reading, suggested
from queries.notebooks.keys import Look

DAYS = pd.DataFrame(
    {"day": [datetime(2026, 1, 2), datetime(2026, 1, 1)], "redemptions": [3, 5], "rate": [0.1, 0.2]}
)
SITES = pd.DataFrame(
    {
        "site": ["Mall", "Mall", "Port", None],
        "campaign": ["A", "B", "A", "A"],
        "net": [4, 1, 9, Decimal("2.5")],
    }
)


def test_times_are_suggested_as_lines_names_as_bars_and_two_numbers_as_dots() -> None:
    assert suggested(DAYS) == Look("line", "day", "redemptions")
    assert suggested(SITES) == Look("bar", "site", "net", "campaign")
    assert suggested(DAYS[["redemptions", "rate"]]) == Look("scatter", "redemptions", "rate")


def test_nothing_is_suggested_of_one_row_or_without_a_number() -> None:
    assert suggested(DAYS[:1]) == Look()
    assert suggested(SITES[["site", "campaign"]]) == Look()
    assert suggested(DAYS[["redemptions"]]) == Look()


def test_days_without_a_time_and_decimals_are_times_and_numbers() -> None:
    table = pd.DataFrame(
        {"week": [date(2026, 1, 5), date(2026, 1, 12)], "mean": [Decimal("1.5"), Decimal("2.5")]}
    )
    assert suggested(table) == Look("line", "week", "mean")
    (line,) = figure_of(table, "line", "week", "mean").data
    assert list(line.y) == [1.5, 2.5]


def test_a_line_goes_from_the_first_time_to_the_last() -> None:
    (line,) = figure_of(DAYS, "line", "day", "redemptions").data
    assert list(line.y) == [5, 3]
    assert [str(text) for text in line.text] == ["1\u00a0Jan\u00a02026:\u00a05",
                                                 "2\u00a0Jan\u00a02026:\u00a03"]  # fmt: skip


def test_bars_of_names_stand_in_the_order_of_the_rows_and_add_up_per_name() -> None:
    (bars,) = figure_of(SITES, "bar", "SITE", "net").data
    figure = figure_of(SITES, "bar", "site", "net")
    assert list(figure.layout.yaxis.ticktext)[::-1] == ["Mall", "Port", "(none)"]
    assert list(bars.x)[::-1] == [5, 9, 2.5]


def test_each_colour_has_its_bars() -> None:
    first, second = figure_of(SITES, "bar", "site", "net", "campaign").data
    assert (first.name, list(first.x)[::-1]) == ("A", [4, 9, 2.5])
    assert second.name == "B"
    assert second.x[-1] == 1
    assert first.marker.color != second.marker.color


def test_rates_are_in_percent() -> None:
    figure = figure_of(DAYS, "line", "day", "rate")
    assert figure.layout.yaxis.tickformat == ".0%"
    assert "20.0%" in figure.data[0].text[0]


def test_the_reading_names_the_highest_and_the_lowest_row() -> None:
    assert reading(SITES, "bar", "site", "net", "campaign") == (
        "4 rows. net is highest, 9, at Port, A; lowest, 1, at Mall, B."
    )
    assert reading(DAYS, "line", "day", "rate").endswith("lowest, 10.0%, at 2 Jan 2026.")


def test_the_reading_says_how_much_is_not_drawn() -> None:
    many = pd.DataFrame({"day": list(range(12)), "name": list("abcdefghijkl"), "net": range(12)})
    assert reading(many, "line", "day", "net", "name").endswith(
        "Drawn are 8 of 12 values of name, those with the most; the table has all."
    )
    assert len(figure_of(many, "line", "day", "net", "name").data) == 8


def test_rows_that_are_all_alike_are_said_to_be() -> None:
    assert reading(DAYS.assign(redemptions=2), "line", "day", "redemptions") == (
        "2 rows. redemptions is 2 in each."
    )
    empty = DAYS.assign(redemptions=float("nan"))
    assert reading(empty, "line", "day", "redemptions") == "2 rows. redemptions has no value."


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        (("pie", "site", "net"), "A chart is of kind bar, line, area or scatter, not pie."),
        (("bar", "shop", "net"), "There is no column shop: the cell has site, campaign and net."),
        (("bar", "site", "campaign"), "y is a column of numbers, and campaign is none."),
        (("bar", "site", "net", "x"), "There is no column x: the cell has site, campaign and net."),
    ],
)
def test_what_cannot_be_drawn_has_its_sentence(look: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(NoFigure) as refused:
        figure_of(SITES, *look)
    assert str(refused.value) == sentence


def test_names_are_shown_letter_for_letter() -> None:
    table = pd.DataFrame({"site": ["<b>x</b>", "toString"], "n": [1, 2]})
    figure = figure_of(table, "bar", "site", "n", "site")
    assert "&lt;b&gt;x&lt;/b&gt;" in figure.layout.yaxis.ticktext
    assert "<b>" not in str(figure.to_json())


COLUMNS = st.one_of(
    st.lists(st.integers(-5, 5) | st.none(), min_size=4, max_size=4),
    st.lists(st.floats(width=32) | st.none(), min_size=4, max_size=4),
    st.lists(st.text(max_size=3) | st.none(), min_size=4, max_size=4),
    st.lists(st.dates() | st.none(), min_size=4, max_size=4),
    st.lists(st.booleans() | st.none(), min_size=4, max_size=4),
    st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=4, max_size=4),
)


@given(st.lists(COLUMNS, min_size=1, max_size=4), st.sampled_from(KINDS))
@settings(deadline=None)
def test_what_is_suggested_of_any_rows_can_be_drawn_and_read(
    columns: list[list[Any]], kind: str
) -> None:
    table = pd.DataFrame({f"c{place}": column for place, column in enumerate(columns)})
    look = suggested(table)
    if look.chart:
        for drawn in (look, look._replace(chart=kind)):
            assert figure_of(table, *drawn).to_json()
            assert reading(table, *drawn)
