"""A fragment reruns on its own, and the whole page after an import."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.load import main as command
from queries.filters import Filters
from tests.support.rows import Code, codes_file
from tests.support.server import Server
from tests.support.stores import copied
from tests.support.tab import Tab


@pytest.fixture
def fresh_server(start: Callable[..., Server], fixture_file: Path, tmp_path: Path) -> Server:
    """The app over a store that the test may change."""
    return start(copied(fixture_file, tmp_path), VOUCHERS_SAMPLE="0")


@pytest.fixture
def tab(fresh_server: Server) -> Iterator[Tab]:
    with Tab(fresh_server.url, "codes") as opened:
        opened.look(Filters())
        yield opened


def test_a_search_an_order_and_a_page_rerun_the_rows_alone(tab: Tab) -> None:
    changes: list[dict[str, str | int]] = [
        {"code_search": "7K2"},
        {"codes_sort": "Group"},
        {"codes_descending": False},
    ]
    for change in changes:
        tab.set(**change)
        assert "dataframe" in tab.drawn, change
        assert not {"metric", "plotly_chart"} & tab.drawn, change


def test_after_an_import_the_next_rerun_of_the_rows_reruns_the_whole_page(
    fresh_server: Server, tab: Tab, tmp_path: Path
) -> None:
    before = tab.tiles["Codes issued"]
    file = codes_file(tmp_path / "more.csv", *(Code(f"NEW{n}") for n in range(3)))
    assert command(["--store", str(fresh_server.store), str(file)]) == 0
    tab.set(codes_sort="Group")
    assert int(tab.tiles["Codes issued"]) == int(before) + 3
    assert {"metric", "plotly_chart", "dataframe"} <= tab.drawn
