"""The one entry for pages: plans a query, shares its result, cancels it when it is abandoned."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd

from queries.access import Access
from queries.engine import prefixes, selection
from queries.engine.cluster.errors import ClusterError
from queries.engine.execute import Cursor, EngineError, Interrupted, begin_snapshot
from queries.engine.shared_queries import SharedQueries, SharedQuery
from queries.engine.source import Source
from queries.engine.totals import (
    FROM_ROWS,
    Plan,
    needs_plan,
    plan,
    plan_key,
    read_data_until,
    run_on,
    totals_of,
    totals_read,
)
from queries.filters import Filters

RESULTS = 256 * 1024 * 1024  # bytes of results that are not in use
CELL = 100  # bytes of a value that is a short text, three times over
PLANS = 1000
SELECTIONS = 12  # that stay in memory
AT_ONCE = 6  # statements in the engine; other threads wait, also for plans and selections

Values = tuple[tuple[str, Any], ...]
_log = logging.getLogger(__name__)


class QueryFailed(Exception):
    """The engine failed; the text names the query and the kind of error only."""


class RowsAway(QueryFailed):
    """The cluster that holds the rows has not answered; the text is a sentence for a page."""


class View(NamedTuple):
    """What is chosen of which data."""

    path: str
    version: int
    filters: Filters


class Request(NamedTuple):
    """All that a result depends on: its cache key."""

    view: View
    name: str
    values: Values


class QueryService:
    """Runs and shares the queries of one store, for any number of threads."""

    def __init__(self, source: Callable[[], Source]) -> None:
        """`source` returns the store, which may be opened on first use."""
        self._source = source
        self._results = SharedQueries[pd.DataFrame](RESULTS, _bytes_of)
        self._prefixes = SharedQueries[Access](PLANS, lambda _: 1)
        self._plans = SharedQueries[Plan](PLANS, lambda _: 1)
        self._selections = SharedQueries[str](SELECTIONS, lambda _: 1, self._drop)
        self._engine = threading.BoundedSemaphore(AT_ONCE)
        self._counting = threading.Lock()
        self._wanting = 0  # statements that run, or wait for the engine
        self._data_until: tuple[tuple[str, int], datetime] | None = None

    def is_busy(self) -> bool:
        """Whether a query runs, or waits for the engine."""
        return self._wanting > 0

    def data_until(self) -> datetime:
        """Until when the data reach, read once per data version.

        Raises what opening the store raises, and QueryFailed.
        """
        source = self._source()
        of = (str(source.path), source.version)
        known = self._data_until
        if known is None or known[0] != of:
            with self._cursor(SharedQuery[datetime](), "data_until") as cursor:
                known = self._data_until = (of, read_data_until(cursor))
        return known[1]

    def request(self, name: str, filters: Filters, values: Values) -> Request:
        """The request for a query of the data as they are. Raises what opening the store raises."""
        source = self._source()
        return Request(View(str(source.path), source.version, filters), name, values)

    def start(self, request: Request) -> SharedQuery[pd.DataFrame]:
        """Start the request, or join the same one. Call finish() after using its result."""
        return self._results.acquire(request, lambda query: self._run(request, query))

    def finish(self, request: Request, query: SharedQuery[pd.DataFrame]) -> None:
        """Say that a started request is not needed any more."""
        self._results.release(request, query)

    def _run(self, request: Request, query: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        name, values, data_until = request.name, dict(request.values), self.data_until()
        read = totals_read(name, values)
        totals = set(read.values())
        with ExitStack() as borrowed:
            view = borrowed.enter_context(self._looked_up(request.view, query))
            of_view = FROM_ROWS
            if needs_plan(name, view.filters, values):
                of_view = borrowed.enter_context(self._plan(view, query))
            # A prefix takes longer to compare than all the rest, also with the store's totals.
            selected = totals if view.filters.prefixes() else totals - of_view.totals
            selections = {
                key: borrowed.enter_context(self._selection(view, of_view, key, query))
                for key in sorted(selected & read.keys())
            }
            with self._cursor(query, name) as cursor:
                tables = of_view.tables(name, values) | selections
                frame = _execute(cursor, request, view.filters, tables, of_view, data_until)
                if of_view is not FROM_ROWS and self._source().version != view.version:
                    # An import came in between: the plan no longer holds.
                    begin_snapshot(cursor)
                    filters = prefixes.looked_up(cursor, view.filters)
                    data_until = read_data_until(cursor)
                    of_view = plan(cursor, filters, data_until)
                    tables = of_view.tables(name, values)
                    frame = _execute(cursor, request, filters, tables, of_view, data_until)
                is_of_totals = bool(totals_of(name)) and totals <= of_view.totals
                frame.attrs["from_totals"] = is_of_totals
        return frame

    @contextmanager
    def _looked_up(self, view: View, by: SharedQuery[Any]) -> Iterator[View]:
        """The view with what prefixes may tell its person, looked up once per data version."""
        filters = view.filters
        if not filters.access.masked:
            yield view
            return
        everything = view._replace(filters=Filters(access=filters.access))
        typed = filters.prefixes()

        def hidden(query: SharedQuery[Access]) -> Access:
            with self._cursor(query, "hidden_prefixes") as cursor:
                return prefixes.hidden(cursor, filters.access)

        with self._prefixes.borrow((everything, None), hidden, by) as access:

            def answered(query: SharedQuery[Access]) -> Access:
                with self._cursor(query, "prefixes_known") as cursor:
                    return prefixes.answered(cursor, access, typed)

            with self._prefixes.borrow((everything, typed), answered, by) as both:
                yield view._replace(filters=replace(filters, access=both))

    def _plan(self, view: View, by: SharedQuery[Any]) -> AbstractContextManager[Plan]:
        """The plan of a view, shared by all views for which it is the same."""
        filters = plan_key(view.filters)

        def run(query: SharedQuery[Plan]) -> Plan:
            with self._cursor(query, "plan") as cursor:
                return plan(cursor, filters, self.data_until())

        return self._plans.borrow(view._replace(filters=filters), run, by)

    def _selection(
        self, view: View, of_view: Plan, totals: str, by: SharedQuery[Any]
    ) -> AbstractContextManager[str]:
        """The table of totals that are selected once for all queries of a view."""
        filters, from_rows = of_view.narrow(view.filters), totals not in of_view.totals

        def run(query: SharedQuery[str]) -> str:
            with self._cursor(query, totals) as cursor:
                data_until = self.data_until()
                return selection.select(cursor, totals, filters, data_until, from_rows=from_rows)

        return self._selections.borrow((view, totals), run, by)

    def _drop(self, table: str) -> None:
        with self._source().cursor() as cursor:
            selection.drop(cursor, table)

    @contextmanager
    def _cursor(self, query: SharedQuery[Any], name: str) -> Iterator[Cursor]:
        """A cursor that is interrupted as soon as the query is abandoned."""
        with self._wanted(), self._engine, self._source().cursor() as cursor:
            query.runs_on(cursor)
            try:
                yield cursor
            except ClusterError as error:
                raise RowsAway(str(error)) from None
            except EngineError as error:
                # The engine's message may quote a code, and Streamlit logs what is raised.
                if not isinstance(error, Interrupted):
                    _log.warning("The query %s failed", name, exc_info=error)
                raise QueryFailed(f"{name}.sql: {type(error).__name__}") from None
            finally:
                query.runs_on(None)

    @contextmanager
    def _wanted(self) -> Iterator[None]:
        with self._counting:
            self._wanting += 1
        try:
            yield
        finally:
            with self._counting:
                self._wanting -= 1


def _execute(
    cursor: Cursor,
    request: Request,
    filters: Filters,
    tables: Mapping[str, str],
    of_view: Plan,
    data_until: datetime,
) -> pd.DataFrame:
    filters = of_view.narrow(filters)
    return run_on(cursor, tables, request.name, filters, data_until, **dict(request.values))


def _bytes_of(frame: pd.DataFrame) -> int:
    """About the memory of a result, with the figures and tables that are made from it.

    By its cells alone: pandas takes 0.3 ms to add up the bytes, at each use of a result.
    """
    return 20_000 + CELL * frame.size
