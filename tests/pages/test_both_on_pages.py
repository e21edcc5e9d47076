"""Pages in a comparison: each chart says what it is compared with, and has files of both."""

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.charts import (
    by_site,
    cancellations,
    over_time,
    over_time_split,
    rate_within_days,
    redemption_curves,
    status,
    uptake_by_group,
    weekday_hour,
)
from pages.charts.both_plots import on_one_scale
from pages.charts.both_table import both_tables
from pages.charts.chart import Chart
from pages.charts.sides import Sides
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File
from tests.support.queries import NOW
from tests.support.server import Server, elements
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

ASOF = ("asof", "2016-02-10")
EMAIL = [ASOF, ("group", "Email")]
CHARTS = [
    by_site.BY_SITE,
    status.STATUS,
    weekday_hour.WEEKDAY_HOUR,
    *(uptake_by_group.uptake_by_group(in_period=is_live) for is_live in (False, True)),
    *(cancellations.cancellations_by(kind) for kind in ("site", "group", "campaign")),
    *(rate_within_days.rate_within_days(by, 7) for by in ("batch", "month")),
    redemption_curves.redemption_curves("group"),
    *(over_time.over_time("", "", "week", shows_rate=rate) for rate in (False, True)),
    over_time_split.over_time_split("", "", "day", "site", shows_rate=True),
    over_time_split.over_time_split("", "", "week", "month", shows_rate=False),
]  # fmt: skip


def captions(page: dict[str, Any]) -> list[str]:
    return [element["props"]["body"] for element in elements(page, "caption")]


def links(page: dict[str, Any]) -> list[str]:
    return [element["props"]["url"] for element in elements(page, "link_button")]


@pytest.mark.parametrize("path", ["", "codes", "batches", "transactions"])
def test_every_chart_says_what_it_is_compared_with(server: Server, path: str) -> None:
    alone = server.page(path, EMAIL)
    both = server.page(path, [*EMAIL, ("b.group", "SMS"), ("b.asof", "2016-02-10")])
    charts = {key for key in map(str, (e.get("key") for e in elements(alone, "popover"))) if key}
    assert not any("SMS" in text for text in captions(alone))
    told = [
        text
        for text in captions(both)
        if re.match(r"Compared with SMS\.|SMS: .*[a-z]|The same for Email and SMS", text)
    ]
    assert len(told) == len([key for key in charts if key.startswith("how_")])


def test_two_groups_are_named_once_and_compared_as_such(server: Server) -> None:
    said = captions(server.page("", [*EMAIL, ("b.group", "SMS"), ("b.asof", "2016-02-10")]))
    assert any(re.search(r" · Email: \d", text) for text in said)
    assert any(re.match(r"Compared with SMS\. \d.* redeemed against", text) for text in said)
    assert not any("Email: Email:" in text or "None of the groups" in text for text in said)


def test_the_files_of_a_charts_table_are_of_a_and_of_b(server: Server) -> None:
    page = server.page("codes", [*EMAIL, ("b.group", "SMS")])
    of_status = [url for url in links(page) if "/tables/status." in url]
    assert len(of_status) == 6
    assert sum("group=Email" in url for url in of_status) == 3
    assert sum("group=SMS" in url and "Email" not in url for url in of_status) == 3


def test_the_same_of_both_is_drawn_once_and_said(server: Server) -> None:
    # A comparison by age is not narrowed by the period.
    query = [("from", "2016-01-10"), ("to", "2016-01-12"), ("compare", "before")]
    said = captions(server.page("batches", query))
    assert sum(text.startswith("The same for") for text in said) == 2


def drawn(chart: Chart, sides: Sides) -> None:
    """Draw what a card draws of both."""
    if chart.both.figure:
        chart.both.figure(sides)
    else:
        figures = chart.figure(sides.a), chart.figure(sides.b)
        if all(figure is not None for figure in figures):
            on_one_scale(*figures)
    if chart.both.reading:
        assert chart.both.reading(sides).endswith(".")


@pytest.mark.slow
@settings(SLOW, max_examples=examples(rounds(10, torture=200)))
@given(
    st.lists(FILES, min_size=1, max_size=4),
    st.sampled_from(CHOICES),
    st.sampled_from(CHOICES),
    st.booleans(),
)
def test_any_two_choices_are_drawn_and_their_tables_hold_the_rows_of_each(
    files: list[File], first: Filters, second: Filters, same: bool
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        for chart in CHARTS:
            with store.cursor() as db:
                a, b = (run(db, chart.query, f, NOW, **chart.values) for f in (first, second))
            sides = Sides(a, b, "first", "second", same, same)
            drawn(chart, sides)
            if chart.both.table:
                assert len(chart.both.table(sides)) >= max(len(a), len(b))
                continue
            tables = chart.table(a), chart.table(b)
            both = both_tables(*tables, chart.both.keys)
            assert_holds(both, tables[0], "A")
            assert_holds(both, tables[1], "B")


def assert_holds(both: pd.DataFrame, table: pd.DataFrame, side: str) -> None:
    """Whether the columns of a side have the rows of its table; else nothing, or 0 of counts."""
    for name in [column for column in table if column not in both]:
        if f"{name} {side}" in both:
            column = both[f"{name} {side}"]
            of_side = sorted(str(v) for v in column.dropna())
            of_others = ["0"] * (len(both) - len(table)) if column.dtype.kind == "i" else []
            assert of_side == sorted([*(str(v) for v in table[name].dropna()), *of_others]), name
        else:
            assert table[name].isna().all(), name
