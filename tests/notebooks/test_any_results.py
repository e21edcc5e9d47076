"""Results of random notebooks are those of the pages for the same filter, on the same data."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from pages.cells.charts import chart_of
from pages.charts.chart import Chart
from pages.charts.pinned import pin_of_chart, pin_of_tiles
from pages.charts.tile_numbers import TILES
from pages.frame.url_state import choosing
from pages.tables.table_files import table_files
from queries.engine.totals import run
from queries.filters import Filters
from queries.notebooks.choice import query_of
from queries.notebooks.document import Document, read
from queries.notebooks.offered import why_not_offered
from queries.notebooks.pinning import pinned
from tests.support.choices import fixture_choices, random_filters
from tests.support.effort import examples
from tests.support.notebooks import run_notebook
from tests.support.stores import copied
from tests.support.strategies import SLOW

pytestmark = pytest.mark.slow

CHARTS = [
    file
    for file in table_files()
    if isinstance(file, Chart) and not why_not_offered(file.query, file.values)
]


@pytest.fixture(scope="module")
def store(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the fixtures, for all examples."""
    with closing(Store(copied(fixture_file, tmp_path_factory.mktemp("results")))) as opened:
        yield opened


def readable(random: Random, values: dict[str, list[str]]) -> Filters:
    """Random filters of an address that has no fault."""
    while True:
        filters, problems = Filters.from_query(random_filters(random, values))
        if not problems:
            return filters


def notebook_of(
    random: Random, values: dict[str, list[str]]
) -> tuple[Document, list[tuple[str, Chart | None, Filters]]]:
    """A notebook with a filter, charts and tiles, some with filters of their own."""
    own = readable(random, values)
    document = read("# Random\n").with_front("filter", query_of(own, None))
    cells: list[tuple[str, Chart | None, Filters]] = []
    for chart in [*random.sample(CHARTS, 3), None]:
        filters = random.choice([own, readable(random, values)])
        pin = pin_of_chart(chart) if chart else pin_of_tiles(TILES, every=True, both=False)
        document, name = pinned(document, pin, filters, None)
        cells.append((name, chart, filters))
    return document, cells


@settings(SLOW, max_examples=examples(25))
@given(seed=st.integers(0, 2**32))
def test_results_of_random_notebooks_are_those_of_the_pages(store: Store, seed: int) -> None:
    document, cells = notebook_of(Random(seed), fixture_choices(store))
    results = {one.meaning.name: one for one in run_notebook(store, document.text()).results}
    for name, chart, filters in cells:
        result = results[name]
        query, values = (chart.query, chart.values) if chart else ("numbers", {})
        with store.cursor() as db:
            page = run(db, query, filters, None, **values)
        assert result.frame is not None, result.error
        pd.testing.assert_frame_equal(result.frame, page.head(len(result.frame)))
        assert result.row_count == len(page)
        if chart:
            with choosing(result.meaning.choice.filters):
                drawn = chart_of(result.meaning)
            assert (drawn.query, drawn.values) == (chart.query, chart.values)
