"""Identical requests share one query; a query that nobody waits for is interrupted."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from datetime import datetime

import duckdb
import pandas as pd
import pytest

from data.store.database import Store
from queries.engine import service as service_module
from queries.engine.execute import Cursor
from queries.engine.service import QueryService
from queries.engine.shared_queries import WORKERS, SharedQueries, SharedQuery
from queries.engine.totals import read_data_until
from queries.filters import Filters

LONG = "select count(*) as n from range(1000000) as a, range(1000000) as b where a.range < b.range"
NONE = pd.DataFrame()


def frames(capacity: int = 1000) -> SharedQueries[pd.DataFrame]:
    """Queries whose results all count alike."""
    return SharedQueries[pd.DataFrame](capacity, lambda _: 1)


def run_long(
    store: Store, started: threading.Event, query: SharedQuery[pd.DataFrame]
) -> pd.DataFrame:
    with store.cursor() as cursor:
        query.runs_on(cursor)
        started.set()
        try:
            return cursor.execute(LONG).df()
        finally:
            query.runs_on(None)


def wait_until(holds: Callable[[], object]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("It never came true.")


def test_identical_requests_run_one_query_and_get_the_same_result() -> None:
    queries, ran = frames(), []

    def run(query: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        ran.append(query)
        time.sleep(0.1)
        return NONE

    first, second = queries.acquire("a", run), queries.acquire("a", run)
    assert first.future.result(5) is second.future.result(5) is NONE
    assert len(ran) == 1


def test_a_result_stays_cached_after_its_last_user() -> None:
    queries = frames()
    query = queries.acquire("a", lambda _: NONE)
    query.future.result(5)
    queries.release("a", query)
    assert queries.acquire("a", lambda _: pytest.fail("It ran again.")).future.done()


def test_a_query_that_nobody_waits_for_any_more_is_interrupted(store: Store) -> None:
    queries, started = frames(), threading.Event()
    query = queries.acquire("a", lambda q: run_long(store, started, q))
    assert started.wait(5)
    queries.release("a", query)
    with pytest.raises(duckdb.InterruptException):
        query.future.result(5)


def test_a_query_whose_store_was_closed_is_abandoned_without_a_traceback(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    queries, started, closed = frames(), threading.Event(), threading.Event()

    def run(query: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        cursor = store.cursor()
        query.runs_on(cursor)
        cursor.close()
        started.set()
        assert closed.wait(5)
        return NONE

    before = set(threading.enumerate())
    query = queries.acquire("a", run)
    assert started.wait(5)
    queries.release("a", query)
    time.sleep(0.2)
    closed.set()
    query.future.result(5)
    wait_until(lambda: not [t for t in set(threading.enumerate()) - before if t.name == "cancel"])
    assert failures == []


def test_a_query_continues_as_long_as_one_of_two_waits(store: Store) -> None:
    queries, started = frames(), threading.Event()
    query = queries.acquire("a", lambda q: run_long(store, started, q))
    other = queries.acquire("a", lambda q: run_long(store, started, q))
    assert started.wait(5)
    queries.release("a", query)
    with pytest.raises(TimeoutError):
        other.future.result(0.3)
    queries.release("a", other)
    with pytest.raises(duckdb.InterruptException):
        other.future.result(5)


def test_a_request_after_an_interrupted_query_gets_a_result(store: Store) -> None:
    queries, started = frames(), threading.Event()
    cancelled = queries.acquire("a", lambda q: run_long(store, started, q))
    queries.release("a", cancelled)
    assert queries.acquire("a", lambda _: NONE).future.result(5) is NONE
    with pytest.raises((duckdb.InterruptException, CancelledError)):
        cancelled.future.result(5)


def test_a_query_abandoned_before_its_start_never_runs() -> None:
    queries, free = frames(), threading.Event()
    busy = [queries.acquire(n, lambda _: (free.wait(5), NONE)[1]) for n in range(WORKERS)]
    late = queries.acquire("late", lambda _: pytest.fail("It ran."))
    queries.release("late", late)
    free.set()
    assert all(query.future.result(5) is NONE for query in busy)
    with pytest.raises(CancelledError):
        late.future.result(5)


def test_a_failed_query_raises_and_is_run_again_for_the_next_request() -> None:
    queries = frames()

    def fail(_: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        raise ValueError("No.")

    with pytest.raises(ValueError, match="No"):
        queries.acquire("a", fail).future.result(5)
    time.sleep(0.05)  # the failure is dropped in the thread that had it
    assert queries.acquire("a", lambda _: NONE).future.result(5) is NONE


def test_the_oldest_unused_results_are_evicted_first() -> None:
    evicted: list[str] = []
    queries = SharedQueries[str](2, lambda _: 1, evicted.append, workers=1)
    used = queries.acquire("used", lambda _: "used")
    for name in ("a", "b", "c", "d"):
        query = queries.acquire(name, lambda _, name=name: name)  # type: ignore[misc]
        assert query.future.result(5) == name
        queries.release(name, query)
    wait_until(lambda: len(evicted) == 2)
    assert evicted == ["a", "b"]
    assert queries.acquire("used", lambda _: "new") is used
    assert queries.acquire("c", lambda _: "new").future.result(5) == "c"


def test_unused_results_take_no_more_than_their_room() -> None:
    evicted: list[str] = []
    queries = SharedQueries[str](10, len, evicted.append)
    for name in ("four", "five5", "six666", "far too long for all of it"):
        query = queries.acquire(name, lambda _, name=name: name)  # type: ignore[misc]
        assert query.future.result(5) == name
        queries.release(name, query)
    wait_until(lambda: len(evicted) == 3)
    assert sorted(evicted) == ["far too long for all of it", "five5", "four"]
    assert queries.acquire("six666", lambda _: "new").future.result(5) == "six666"


def test_a_query_abandons_the_one_it_depends_on_when_nobody_waits_any_more(store: Store) -> None:
    started = threading.Event()
    below, above = frames(), frames()

    def run(query: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        with below.borrow("b", lambda q: run_long(store, started, q), query) as result:
            return result

    waiting = above.acquire("a", run)
    assert started.wait(5)
    borrowed = below.acquire("b", lambda _: NONE)
    below.release("b", borrowed)
    above.release("a", waiting)
    with pytest.raises(duckdb.InterruptException):
        borrowed.future.result(5)
    with pytest.raises(CancelledError):
        waiting.future.result(5)


def test_a_result_that_arrives_after_its_last_user_has_gone_is_evicted() -> None:
    evicted: list[str] = []
    queries = SharedQueries[str](9, lambda _: 1, evicted.append)
    started, free = threading.Event(), threading.Event()

    def run(_: SharedQuery[str]) -> str:
        started.set()
        assert free.wait(5)
        return "late"

    query = queries.acquire("a", run)
    assert started.wait(5)
    queries.release("a", query)
    free.set()
    assert query.future.result(5) == "late"
    wait_until(lambda: evicted)
    assert evicted == ["late"]
    assert queries.acquire("a", lambda _: "new").future.result(5) == "new"


def test_until_when_the_data_reach_is_read_once_per_data_version(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[datetime] = []

    def reading(cursor: Cursor) -> datetime:
        read.append(read_data_until(cursor))
        return read[-1]

    monkeypatch.setattr(service_module, "read_data_until", reading)
    service = QueryService(lambda: loaded)
    assert service.data_until() == service.data_until()
    assert len(read) == 1
    with loaded.writing() as cursor:
        cursor.execute("update vouchers.imports set exported_at = timestamp '2099-01-01'")
    assert service.data_until() == datetime(2099, 1, 1)


def test_a_service_is_busy_while_a_query_runs_or_waits(loaded: Store) -> None:
    gate, is_waited_for = threading.Event(), threading.Event()

    class Blocked:
        path, scratch, version = loaded.path, loaded.scratch, loaded.version

        def cursor(self) -> Cursor:
            is_waited_for.set()
            gate.wait()
            return loaded.cursor()

    service = QueryService(Blocked)
    assert not service.is_busy()
    request = service.request("held", Filters(), ())
    query = service.start(request)
    is_waited_for.wait()
    assert service.is_busy()
    gate.set()
    query.future.result()
    assert not service.is_busy()
    service.finish(request, query)
