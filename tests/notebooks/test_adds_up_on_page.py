"""A notebook's page shows a chart as SQL, whose total is the tile's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.notebook_page import finished, marks, open_notebook, texts, write
from tests.support.server import Server, serving, tiles
from tests.support.stores import copied

TEXT = "---\nfilter: group=Email\n---\n```chart weeks\nquery: over_time\ngrain: week\n```\n"


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("adds_up")
    with serving(copied(fixture_file, folder), folder / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


def test_a_chart_is_shown_as_sql_whose_total_is_the_tiles(server: Server) -> None:
    file = write(server, "As SQL", TEXT)
    page = server.pick(open_notebook(server, "As SQL"), "menu_0", "Show as SQL")
    assert "```sql weeks_sql" in file.read_text("utf-8")
    page = finished(server, page)
    assert marks(page) == ["fresh", "fresh"]
    net = tiles(server.page("", [("group", "Email")]))["Net redemptions"]
    assert any(f"adds up to Net redemptions, {net}" in text for text in texts(page, "caption"))


def test_a_pivots_rows_can_be_read_by_sql_as_a_run_reads_them(server: Server) -> None:
    text = (
        "```pivot by_month\nrows: group\ncolumns: month\n```\n"
        "```sql total\nselect sum(value) as net from by_month\n```\n{{ total.net }} in all\n"
    )
    write(server, "Pivot", text)
    page = finished(server, open_notebook(server, "Pivot"))
    assert marks(page) == ["fresh", "fresh"]
    net = tiles(server.page(""))["Net redemptions"]
    assert any(f"**{net}**](#total" in one for one in texts(page, "markdown"))
