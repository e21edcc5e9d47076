"""The queries of each page, as its script runs them from top to bottom.

A query that a page gains or loses has to be gained or lost here.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from queries.engine.paging import PAGE
from queries.filters import Filters
from tests.bench.peers.statements import PageStatements, Statement

Query = tuple[str, Filters, dict[str, object]]


def sidebar(chosen: Filters) -> Iterator[Query]:
    """Of pages/frame, on every page."""
    for kind, names in (
        ("codes", ("folder", "group", "prefix", "batch", "type", "item")),
        ("transactions", ("campaign", "site")),
    ):
        for name in names:
            if chosen.texts(name):
                others = chosen.with_(name, None)
                yield f"options_of_{kind}", others, {"field": name, "search": None}
        yield f"facets_of_{kind}", chosen, {}
    yield "held", Filters(), {}


def tile_row(chosen: Filters) -> Iterator[Query]:
    """Of pages/charts/tiles.py."""
    yield "numbers", chosen, {}
    if before := chosen.previous(date.today()):
        yield "numbers", before, {}
    yield "trend", chosen, {}


def over_time(chosen: Filters) -> Iterator[Query]:
    """Of the chart and its controls: days where the choice is short, weeks of a year."""
    is_short = chosen.folder or chosen.prefix or chosen.batch or chosen.from_
    yield "over_time", chosen, {"grain": "day" if is_short else "week"}


def overview(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "uptake_by_group", chosen, {}
    yield from over_time(chosen)
    for name in ("by_site", "weekday_hour", "status"):
        yield name, chosen, {}


def batches(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "batches_found", chosen, {}
    for name in ("rate_within_days", "too_young"):
        yield name, chosen, {"by": "batch", "days": 28}
    yield "redemption_curve", chosen, {"by": "batch", "most": 200, "every_day": False}
    yield "batches", chosen, {"offset": 0, "most": PAGE}


def codes(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    for name in ("export_codes_rows", "status"):
        yield name, chosen, {}
    yield "codes_found", chosen, {"search": None, "whole": False}
    first_rows = {
        "sort": "start_date",
        "descending": True,
        "search": None,
        "whole": False,
        "offset": 0,
        "of": PAGE,
    }
    yield "codes_rows", chosen, first_rows


def transactions(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "export_transactions_rows", chosen, {}
    yield from over_time(chosen)
    for name in ("site", "group", "campaign"):
        yield "cancellations", chosen, {"by": name}
    yield "transactions_rows", chosen, {"sort": "time", "descending": True, "offset": 0, "of": PAGE}


def exposure(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield "numbers", chosen, {}
    for name in ("exposure", "last_stretch", "exposure_backtest"):
        yield name, chosen, {}


def bounceback(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    for name in ("bounceback", "bounceback_chains"):
        yield name, chosen, {}


class Page(NamedTuple):
    path: str
    queries: Callable[[Filters], Iterator[Query]]


OVERVIEW, BATCHES, CODES, TRANSACTIONS, EXPOSURE, BOUNCEBACK = (
    Page("", overview),
    Page("batches", batches),
    Page("codes", codes),
    Page("transactions", transactions),
    Page("exposure", exposure),
    Page("bounceback", bounceback),
)
# The statements over the raw tables, of the pages that peers are measured with.
BY_HAND: dict[str, Callable[[PageStatements], Iterator[Statement]]] = {
    "": PageStatements.overview,
    "codes": PageStatements.codes,
    "transactions": PageStatements.transactions,
}
