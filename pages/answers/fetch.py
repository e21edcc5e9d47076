"""Results of queries for a page, shared by all sessions until the data change."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from data import owner
from pages.answers import held, run_log
from pages.people.current import person
from pages.people.own_list import ready_to_run
from queries.engine.service import QueryService, Values
from queries.engine.shared_queries import SharedQuery
from queries.filters import Filters

# Queries with any other parameter are not prefetched: a search or a later page of rows is of use
# to the one visitor who typed or chose it, and what is prefetched is the same for all.
CHOSEN_FROM_A_LIST = {
    *("grain", "by", "days", "most", "every_day", "sort", "descending"),
    *("rows", "columns", "measure", "per_day"),
}
NOTHING_TYPED = {("search", None), ("whole", False), ("offset", 0), ("of", None)}

service = QueryService(lambda: owner.store())
_usual: dict[str, list[tuple[str, Values]]] = {}
_usual_of_second: dict[str, list[tuple[str, Values]]] = {}  # of the second choice of a comparison


def data_until() -> datetime:
    """Until when the data reach: the moment from which pages count. Raises StoreUnavailable.

    In a cell that holds results, until when they did for these.
    """
    cell = held.current()
    if cell is None:
        return service.data_until()
    if cell.data_until is None:
        cell.begin(data_version())
        cell.data_until = service.data_until()
    return cell.data_until


def today() -> date:
    """The last day of the data: that of "the last 28 days". Raises StoreUnavailable."""
    return data_until().date()


def data_version() -> int:
    """The data version: another number after each change. Raises StoreUnavailable."""
    return owner.store().version


def shown_store() -> Path:
    """The store whose data the page shows. Raises StoreUnavailable."""
    return owner.store().path


def fetch(name: str, filters: Filters, **values: object) -> pd.DataFrame:
    """The result of a query: one row per what its line "-- One row per …" says.

    `values` are its parameters beside the filters. All sessions share the frame: do not change
    it. In a cell that holds the result it is the one that is held. Raises StoreUnavailable,
    QueryFailed.
    """
    began = time.perf_counter()
    cell, of = held.current(), (name, seen(filters), tuple(values.items()))
    if cell and (known := cell.result(of)) is not None:
        return known
    request = service.request(*of)
    query = service.start(request)
    try:
        frame = _wait(query)
    finally:
        service.finish(request, query)
    if cell:
        cell.keep(of, frame, request.view.version)
    source = run_log.FROM_TOTALS if frame.attrs["from_totals"] else run_log.FROM_ROWS
    seconds = time.perf_counter() - began
    run_log.add(
        run_log.Entry(name, filters, request.values, seconds, source, in_cell=cell is not None)
    )
    return frame


def seen(filters: Filters) -> Filters:
    """The filters with the access of the person whose page runs, and with their own list.

    Raises StoreUnavailable.
    """
    somebody = person()
    return ready_to_run(replace(filters, access=somebody.access), somebody)


@contextmanager
def prefetch(page: str, filters: Filters, second: Filters | None = None) -> Iterator[None]:
    """Start what the page fetched last time, so that it runs while the script does.

    However the block ends, queries that still run are cancelled. They are not held in the
    session state, because Streamlit may end the script at any access to that.
    """
    with ExitStack() as started:
        usual = [(filters, *fetched) for fetched in _usual.get(page, [])]
        if second is not None:
            usual += [(second, *fetched) for fetched in _usual_of_second.get(page, [])]
        for of, name, values in usual:
            start(started, name, of, values)
        yield


def start(started: ExitStack, name: str, filters: Filters, values: Values) -> None:
    """Start a query whose result fetch() returns later, for as long as a stack is open.

    Where it still runs then, it is cancelled. Raises StoreUnavailable.
    """
    request = service.request(name, seen(filters), values)
    started.callback(service.finish, request, service.start(request))


def remember(
    page: str,
    filters: Filters,
    entries: list[run_log.Entry],
    second: Filters | None = None,
) -> None:
    """Remember what a page fetched with the filters in force, for the next prefetch.

    And with the second choice of a comparison, where there is one. Not what cells fetched: another
    notebook has other cells, and what is in sight would wait for those that are not.
    """
    _usual[page] = _fetched_with(filters, entries)
    if second is not None:
        _usual_of_second[page] = _fetched_with(second, entries)


def _fetched_with(filters: Filters, entries: list[run_log.Entry]) -> list[tuple[str, Values]]:
    return [
        (entry.name, entry.values)
        for entry in entries
        if entry.filters == filters and not entry.in_cell and _is_anybodys(entry.values)
    ]


def _is_anybodys(values: Values) -> bool:
    return all(value[0] in CHOSEN_FROM_A_LIST or value in NOTHING_TYPED for value in values)


def _wait(query: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
    while True:
        try:
            return query.future.result(timeout=0.1)
        except TimeoutError:
            # Streamlit ends the run here if the filters have changed or the tab is closed.
            st.session_state.get(run_log.KEY)
