"""Plain SQL over the raw tables, SQLite and pandas, written apart from the app's queries, show its
tiles: those are the peers of `make bench`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import pytest

from queries.filters import Filters
from tests.bench.choices import (
    BATCHES_CHOSEN,
    FOLDERS,
    GROUPS,
    PERIODS,
    PILOT_GROUPS,
    PREFIXES,
    SITES,
    STATUS_DAY,
)
from tests.bench.fill import fill
from tests.bench.page_queries import OVERVIEW, TRANSACTIONS, Page
from tests.bench.peers.copies import kept_copies, raw_tables
from tests.bench.peers.engines import Engine
from tests.bench.servers import opened, visited
from tests.bench.views import run_by_hand, run_by_pandas
from tests.support.tab import Tab

pytestmark = [pytest.mark.server, pytest.mark.slow]

CHOICES = {
    "everything": Filters(),
    "two groups": GROUPS[1],
    "a batch": BATCHES_CHOSEN[0],
    "a pilot": PILOT_GROUPS[0],
    "a folder": FOLDERS[0],
    "a prefix": PREFIXES[0],
    "a month": PERIODS[0],
    "a month of a group": PERIODS[2].with_("group", ("Email",)),
    "a site": SITES[0],
    "as of a day": Filters(asof=STATUS_DAY),
}


class Peers(NamedTuple):
    """The app and its peers over the same hundred thousand codes."""

    url: str
    pandas: Tab
    engines: list[Engine]


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    folder: Path = tmp_path_factory.mktemp("peers")
    store, raw = folder / "vouchers.duckdb", folder / "raw.duckdb"
    with opened(store) as empty:
        fill(empty, "100k")
    raw_tables(store, raw)
    copies = kept_copies(raw, folder)
    with ExitStack() as stack:
        app = stack.enter_context(visited(str(store)))
        pandas = stack.enter_context(visited(str(store), parquet=str(copies.parquet)))
        engines = [
            stack.enter_context(closing(Engine("duckdb", raw))),
            stack.enter_context(closing(Engine("sqlite", copies.sqlite))),
        ]
        yield Peers(app.url, stack.enter_context(Tab(pandas.url)), engines)


@pytest.mark.parametrize("page", [OVERVIEW, TRANSACTIONS], ids=["overview", "transactions"])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_tiles_are_those_of_plain_sql_and_of_pandas(
    peers: Peers, page: Page, choice: str
) -> None:
    chosen = CHOICES[choice]
    with Tab(peers.url, page.path) as tab:
        tab.look(chosen)
        assert len(tab.tiles) >= 3
        for engine in peers.engines:
            run_by_hand(engine, page, chosen, tab)
        if page is OVERVIEW:
            run_by_pandas(peers.pandas, chosen, tab)
