"""What a page fetched last time starts before its script needs it."""

import pandas as pd
import pytest

from data import owner
from data.store.database import Store
from pages.answers import fetch, run_log
from queries.engine.service import QueryService, Request, Values
from queries.engine.shared_queries import SharedQuery
from queries.filters import Filters


class RecordingService(QueryService):
    """A service that records what was started."""

    def __init__(self, store: Store) -> None:
        super().__init__(lambda: store)
        self.started: list[tuple[str, SharedQuery[pd.DataFrame]]] = []

    def start(self, request: Request) -> SharedQuery[pd.DataFrame]:
        query = super().start(request)
        self.started.append((request.name, query))
        return query


@pytest.fixture
def service(loaded: Store, monkeypatch: pytest.MonkeyPatch) -> RecordingService:
    """The service of the pages, over the fixtures."""
    recording = RecordingService(loaded)
    monkeypatch.setattr(fetch, "service", recording)
    monkeypatch.setattr(owner, "store", lambda: loaded)
    return recording


def test_prefetched_queries_are_abandoned_however_a_page_ends(
    service: RecordingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_usual", {"": [("numbers", ()), ("status", ())]})

    class Ended(BaseException):
        """As Streamlit ends the run of a tab that is closed."""

    with pytest.raises(Ended), fetch.prefetch("", Filters()):
        raise Ended
    assert [(name, query.users) for name, query in service.started] == [
        ("numbers", 0),
        ("status", 0),
    ]


@pytest.mark.parametrize(
    ("name", "values", "is_prefetched"),
    [
        ("numbers", (), True),
        ("over_time", (("grain", "day"),), True),
        ("cancellations", (("by", "site"),), True),
        ("codes_found", (("search", "AB1"), ("whole", True)), False),
        ("options_of_codes", (("field", "group"), ("search", "Em")), False),
        ("codes_found", (("search", None), ("whole", False)), True),
        ("transactions_rows", (("sort", "time"), ("offset", 50), ("of", 70)), False),
        ("transactions_rows", (("sort", "time"), ("offset", 0), ("of", None)), True),
    ],
)
def test_tiles_charts_and_first_rows_are_prefetched_and_nothing_that_a_visitor_typed(
    service: RecordingService,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    values: Values,
    is_prefetched: bool,
) -> None:
    monkeypatch.setattr(fetch, "_usual", {})
    entry = run_log.Entry(name, Filters(), values, 0.1, run_log.FROM_ROWS)
    fetch.remember("", Filters(), [entry])
    with fetch.prefetch("", Filters()):
        assert [started for started, _ in service.started] == ([name] if is_prefetched else [])


def test_what_a_page_fetched_of_the_second_choice_starts_for_the_next_one(
    service: RecordingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_usual", {})
    monkeypatch.setattr(fetch, "_usual_of_second", {})
    email, sms = Filters(group=("Email",)), Filters(group=("SMS",))
    entries = [
        run_log.Entry("numbers", email, (), 0.1, run_log.FROM_TOTALS),
        run_log.Entry("status", email, (), 0.1, run_log.FROM_TOTALS),
        run_log.Entry("numbers", sms, (), 0.1, run_log.FROM_TOTALS),
    ]
    fetch.remember("", email, entries, sms)
    with fetch.prefetch("", email, Filters(group=("nobody",))):
        assert [name for name, _ in service.started] == ["numbers", "status", "numbers"]
    with fetch.prefetch("", email):
        assert [name for name, _ in service.started][3:] == ["numbers", "status"]


def test_what_cells_of_a_notebook_fetched_does_not_start_for_the_next_notebook(
    service: RecordingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_usual", {})
    entries = [
        run_log.Entry("held", Filters(), (), 0.1, run_log.FROM_TOTALS),
        run_log.Entry("status", Filters(), (), 0.1, run_log.FROM_TOTALS, in_cell=True),
    ]
    fetch.remember("notebook", Filters(), entries)
    with fetch.prefetch("notebook", Filters()):
        assert [name for name, _ in service.started] == ["held"]
