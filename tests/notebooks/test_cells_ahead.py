"""The queries of a notebook's next cells run while one is drawn."""

from contextlib import ExitStack
from datetime import datetime

import pytest

from data.store.notebook_text import Kept
from pages.answers.held import Held
from pages.cells import ahead
from pages.cells.ahead import Ahead
from pages.cells.marks import cache_keys
from pages.cells.opened import Opened
from pages.cells.results import Brought, results
from pages.cells.running import Running
from pages.people.person import THIS_COMPUTER
from queries.engine.service import Values
from queries.filters import Filters
from queries.notebooks.document import read
from queries.notebooks.meaning import meanings

Started = list[tuple[str, str, Values]]
TEXT = """---
filter: group=Email
---
```numbers tiles
```
```chart status
```
```chart over_time
filter: group=SMS
grain: week
```
```chart no_such_chart
```
```pivot p
rows: group
```
```chart by_site
```
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What is started: the query, the group of its filters, its values."""
    found: Started = []

    def start(_: ExitStack, name: str, filters: Filters, values: Values) -> None:
        (group,) = filters.texts("group")
        found.append((name, str(group), values))

    monkeypatch.setattr(ahead, "start", start)
    return found


def running() -> Running:
    """A notebook that nobody has drawn yet."""
    known = Opened("Ahead", Kept(TEXT, ""), may_change=True, filter="group=Email")
    found = meanings(read(TEXT))
    keys = cache_keys(found, lambda _: ())
    end = datetime(2016, 1, 31)
    return Running(known, THIS_COMPUTER, found, keys, "state", 1, end, overrides=[])


def test_the_next_two_cells_are_started_before_one_is_drawn(started: Started) -> None:
    now = running()
    with ExitStack() as stack:
        cells = Ahead(now, stack)
        cells.start_after(now.meanings[0])
        assert [name for name, _, _ in started] == ["status", "over_time"]
        cells.start_after(now.meanings[1])
        cells.start_after(now.meanings[2])
        assert [name for name, _, _ in started] == ["status", "over_time", "pivot_totals"]
        for meaning in now.meanings[3:]:
            cells.start_after(meaning)
    assert [name for name, _, _ in started] == ["status", "over_time", "pivot_totals", "by_site"]


def test_each_is_started_with_its_own_filter_and_values(started: Started) -> None:
    now = running()
    with ExitStack() as stack:
        Ahead(now, stack).start_after(now.meanings[0])
    assert started == [("status", "Email", ()), ("over_time", "SMS", (("grain", "week"),))]


def test_what_has_a_result_is_not_started(started: Started) -> None:
    now = running()
    brought = Brought(now.keys["status"], "state", Held())
    results.put(now.of(now.meanings[1]), brought)
    with ExitStack() as stack:
        Ahead(now, stack).start_after(now.meanings[0])
    assert [name for name, _, _ in started] == ["over_time"]
    results.forget(now.of(now.meanings[1]))
