"""Measures the analyses: the compared view as a page, the others as their queries, and pandas."""

import random
import statistics
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

import pandas as pd

from queries.checking.check import check
from queries.checking.listing import listing
from queries.engine.totals import run
from queries.filters import Filters
from tests.bench.choices import GROUPS
from tests.bench.measuring import interleaved
from tests.bench.peers import pandas_analyses
from tests.bench.peers.pandas_analyses import Tables
from tests.bench.report import Row, compared, times
from tests.bench.views import Sides
from tests.support.checks import CHECKS, THRESHOLDS
from tests.support.tab import Seconds, Tab, stopwatch

EVERYTHING = Filters()
SECOND = [("b.group", "SMS")]
NET_BY_MONTH = {"rows": "group", "columns": "month", "measure": "net", "days": 28, "per_day": "no"}
QUERIES: Mapping[str, tuple[str, dict[str, object]]] = {
    "Pivot of net redemptions by group and month": ("pivot", NET_BY_MONTH),
    "Pivot of the redemption rate by batch and month of start": (
        "pivot",
        NET_BY_MONTH | {"rows": "batch", "columns": "start", "measure": "rate"},
    ),
    "Pivot of net redemptions by site and month": ("pivot", NET_BY_MONTH | {"rows": "site"}),
    "What the newest import has changed": ("since", {"since": None}),
    "Exposure": ("exposure", {}),
    "What usually comes in the last days": ("last_stretch", {}),
    "Redemptions over time, split by group": (
        "over_time_split",
        {"by": "group", "grain": "week", "most": 8},
    ),
}
OF_A_CODE: Mapping[str, dict[str, object]] = {
    "code_days": {},
    "code_groups": {"stored": None},
    "code_facts": {},
    "code_story": {"most": 1000},
    "code_children": {"most": 50},
    "code_imports": {},
}
LISTS = (200, 1_000_000)
MISSPELT = 0.01  # of a list's lines
PATIENCE = 60.0  # seconds for all runs of a side


def analyses(sides: Sides) -> list[Row]:
    """One row per analysis."""
    return [
        compared_view(sides),
        *(query_row(sides, what, *query) for what, query in QUERIES.items()),
        checks_row(sides),
        code_row(sides),
        *(list_row(sides, size) for size in LISTS),
    ]


def compared_view(sides: Sides) -> Row:
    """The Overview of a group as of another day, alone and beside a second choice."""
    with Tab(sides.ours.url) as alone, Tab(sides.ours.url) as beside:

        def look(tab: Tab, second: list[tuple[str, str]]) -> float:
            chosen = GROUPS[0].with_("asof", next(sides.days)).to_query()
            return tab.open_at(urlencode([*chosen, *second]))

        for tab, second in ((alone, []), (beside, SECOND)):
            look(tab, second)
        single, both = interleaved(partial(look, alone, []), partial(look, beside, SECOND))
    share = statistics.median(both) / statistics.median(single)
    what = f"Overview, a group compared with another ({share:.2f} × the single view)"
    return Row(what, times(both))


def query_row(sides: Sides, what: str, name: str, values: dict[str, object]) -> Row:
    if name == "since":
        values = {"since": None, "from_import": _newest_import(sides)}
    peers: dict[str, Seconds] = {}
    if (tables := sides.tables) and values == NET_BY_MONTH:
        _assert_same_pivot(sides, tables)
        peers["pandas"] = lambda: _seconds(lambda: pandas_analyses.pivot(tables))
    ours, *taken = interleaved(lambda: _run(sides, name, values), *peers.values())
    return compared(what, ours, **dict(zip(peers, taken, strict=True)))


def checks_row(sides: Sides) -> Row:
    """Every check, one after the other, as the page asks them."""

    def ours() -> float:
        counts = (THRESHOLDS | {"check": check} for check in CHECKS)
        return sum(_run(sides, "to_check_count", values) for values in counts)

    peers: dict[str, Seconds] = {}
    if tables := sides.tables:
        peers["pandas"] = lambda: _seconds(lambda: pandas_analyses.checks(tables))
    taken = interleaved(ours, *peers.values(), longest=PATIENCE)
    return compared("All checks", taken[0], **dict(zip(peers, taken[1:], strict=True)))


def code_row(sides: Sides) -> Row:
    """The queries of a code's page, one after the other, each time of another code."""
    turns = iter(_codes(sides, 50))

    def ours() -> float:
        code, group = next(turns)
        named = {"code": code, "group_name": group, "stored": True}
        return sum(_run(sides, name, named | values) for name, values in OF_A_CODE.items())

    return compared("A code's page, its queries", *interleaved(ours))


def list_row(sides: Sides, size: int) -> Row:
    """Codes from all over the store, some of them misspelt, and their verdicts."""
    texts = [code for code, _ in _codes(sides, size)]
    dice = random.Random(size)
    for place in dice.sample(range(len(texts)), round(len(texts) * MISSPELT)):
        texts[place] = f"{texts[place][:-1]}0"
    listed = listing(list(enumerate(texts, 1)), "")

    def ours() -> float:
        with sides.direct.cursor() as cursor, stopwatch() as elapsed:
            check(cursor, listed, EVERYTHING)
            return elapsed()

    peers: dict[str, Seconds] = {}
    if tables := sides.tables:
        asof = pd.Timestamp(datetime.now())
        peers["pandas"] = lambda: _seconds(lambda: pandas_analyses.verdicts(tables, texts, asof))
    taken = interleaved(ours, *peers.values(), longest=PATIENCE)
    what = f"A list of {len(texts):,} codes, {MISSPELT:.0%} misspelt"
    return compared(what, taken[0], **dict(zip(peers, taken[1:], strict=True)))


def _run(sides: Sides, name: str, values: dict[str, object]) -> float:
    with sides.direct.cursor() as cursor, stopwatch() as elapsed:
        run(cursor, name, EVERYTHING, None, **values)
        return elapsed()


def _seconds(work: Callable[[], object]) -> float:
    with stopwatch() as elapsed:
        work()
        return elapsed()


def _newest_import(sides: Sides) -> int:
    with sides.direct.cursor() as cursor:
        return int(run(cursor, "imports", EVERYTHING)["import_id"].max())


def _codes(sides: Sides, most: int) -> list[tuple[str, str]]:
    """Codes and their groups, evenly from the whole store."""
    with sides.direct.cursor() as cursor:
        ((codes,),) = cursor.execute("select count(*) from vouchers.codes").fetchall()
        return cursor.execute(
            "select code, group_name from vouchers.codes where code_id % ? = 0 limit ?",
            [max(1, codes // most), most],
        ).fetchall()


def _assert_same_pivot(sides: Sides, tables: Tables) -> None:
    """Both count the same, or different work would be compared."""
    with sides.direct.cursor() as cursor:
        frame = run(cursor, "pivot", EVERYTHING, None, **NET_BY_MONTH)
    theirs = pandas_analyses.pivot(tables)
    assert int(frame["value"].sum()) == theirs["All"].max()
