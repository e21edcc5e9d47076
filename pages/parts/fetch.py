"""Answers from the store, kept for everybody until the data changes."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import streamlit as st

from data import owner
from data.store.database import Store
from pages.parts import timing
from pages.parts.answers import Answers, Question
from queries.filters import Filters
from queries.run import (
    NOTHING_KNOWN,
    Known,
    asks_sizes,
    asks_what_is_known,
    decisive,
    known,
    of_kept,
    one_state,
    parameters,
    run_on,
    totals_of,
)
from queries.selection import forget, select

SELECTIONS = 12  # that stay in memory
AT_ONCE = 6  # statements of the engine; other questions wait for what they rest on


class QueryFailed(Exception):
    """The engine could not answer; the text names the query and the kind of error only."""


class View(NamedTuple):
    """What is chosen of which data."""

    path: str
    version: int
    filters: Filters
    moment: datetime  # that judges the status; the same for all where an as-of day does


class Asked(NamedTuple):
    """All that an answer depends on."""

    view: View
    name: str
    values: tuple[tuple[str, Any], ...]
    now: datetime  # the view's moment, for a query that does not ask what time it is


_answers = Answers[pd.DataFrame]()
_known = Answers[Known]()
_selections = Answers[str](SELECTIONS, forget=lambda schema: _forget(schema))
_engine = threading.BoundedSemaphore(AT_ONCE)
_usual: dict[str, list[tuple[str, tuple[tuple[str, Any], ...]]]] = {}


def version() -> int:
    """Another number after every change of the data. Raises StoreUnavailable."""
    return owner.store().version


def fetch(name: str, filters: Filters, **values: object) -> pd.DataFrame:
    """The answer to `queries/<name>.sql`. Do not change it. Raises StoreUnavailable."""
    began = time.perf_counter()
    asked = _asked(owner.store(), name, filters, tuple(values.items()))
    question = _wanted(asked)
    try:
        answer = _waited_for(question)
    finally:
        _answers.left(asked, question)
    by = timing.KEPT if answer.attrs["kept"] else timing.COUNTED
    timing.asked(timing.Answered(name, filters, asked.values, time.perf_counter() - began, by))
    return answer


@contextmanager
def ask_ahead(page: str, filters: Filters) -> Iterator[None]:
    """Let the engine begin with what a page asked the last time, while it is being drawn.

    However the drawing ends, what is not there by then is left. Nothing of it is kept in the
    session, because Streamlit may end the run at any look at that.
    """
    store = owner.store()
    with ExitStack() as ahead:
        for name, values in _usual.get(page, []):
            asked = _asked(store, name, filters, values)
            ahead.callback(_answers.left, asked, _wanted(asked))
        yield


def remember(page: str, filters: Filters, asked: list[timing.Answered]) -> None:
    """What a page has asked of the filters in force is what it will ask of others."""
    _usual[page] = [(one.name, one.values) for one in asked if one.filters == filters]


def _asked(store: Store, name: str, filters: Filters, values: tuple[tuple[str, Any], ...]) -> Asked:
    moment = timing.now() if filters.asof is None else datetime.min
    now = timing.now() if "now" in parameters(name) else moment
    return Asked(View(str(store.path), store.version, filters, moment), name, values, now)


def _wanted(asked: Asked) -> Question[pd.DataFrame]:
    return _answers.wanted(asked, lambda question: _answer(asked, question))


def _waited_for(question: Question[pd.DataFrame]) -> pd.DataFrame:
    while True:
        try:
            return question.answer.result(timeout=0.1)
        except TimeoutError:
            # Streamlit ends the run here if the filters have changed or the tab is closed.
            st.session_state.get(timing.KEY)


def _answer(asked: Asked, question: Question[pd.DataFrame]) -> pd.DataFrame:
    view, totals = asked.view, totals_of(asked.name)
    with ExitStack() as needed:
        of_view = NOTHING_KNOWN
        if asks_what_is_known(asked.name, view.filters):
            of_view = needed.enter_context(_known_of(view, question))
        can_answer = totals & of_view.totals
        # A beginning takes longer to compare than all the rest, also with kept totals.
        selected = totals if view.filters.prefix else totals - can_answer
        if asks_sizes(asked.name):
            selected = frozenset()
        schemas = [
            needed.enter_context(_selected(view, of_view, name, question))
            for name in sorted(selected)
        ]
        with _asking(question, f"{asked.name}.sql") as cursor:
            schemas += of_kept(can_answer - selected)
            answer = _run(cursor, asked, schemas, of_view)
            if of_view is not NOTHING_KNOWN and version() != view.version:
                # An import came in between, and what was known before it does not hold.
                one_state(cursor)
                of_view = known(cursor, view.filters, view.moment)
                can_answer = totals & of_view.totals
                answer = _run(cursor, asked, of_kept(can_answer), of_view)
            answer.attrs["kept"] = bool(totals) and can_answer == totals
    return answer


def _run(
    cursor: duckdb.DuckDBPyConnection, asked: Asked, schemas: Sequence[str], of_view: Known
) -> pd.DataFrame:
    filters = of_view.narrowed(asked.view.filters)
    return run_on(cursor, schemas, asked.name, filters, asked.now, **dict(asked.values))


def _known_of(view: View, by: Question[Any]) -> AbstractContextManager[Known]:
    """What the kept totals know, asked once for all views for which it is the same."""
    filters = decisive(view.filters)

    def ask(question: Question[Known]) -> Known:
        with _asking(question, "known.sql") as cursor:
            return known(cursor, filters, view.moment)

    return _known.needed(view._replace(filters=filters), ask, by)


def _selected(
    view: View, of_view: Known, totals: str, by: Question[Any]
) -> AbstractContextManager[str]:
    """The schema of totals that are chosen once for all questions of a view."""
    filters, of_rows = of_view.narrowed(view.filters), totals not in of_view.totals

    def ask(question: Question[str]) -> str:
        with _asking(question, totals) as cursor:
            return select(cursor, totals, filters, view.moment, of_rows=of_rows)

    return _selections.needed((view, totals), ask, by)


def _forget(schema: str) -> None:
    with owner.store().cursor() as cursor:
        forget(cursor, schema)


@contextmanager
def _asking(question: Question[Any], name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor that is interrupted as soon as nobody waits for the question any more."""
    with _engine, owner.store().cursor() as cursor:
        question.asks(cursor)
        try:
            yield cursor
        except duckdb.Error as error:
            # The engine's words may quote a code, and Streamlit logs what is raised.
            raise QueryFailed(f"{name}: {type(error).__name__}") from None
        finally:
            question.asks(None)
