"""Answers from the store, kept for everybody until the data changes."""

import threading
import time
from collections import OrderedDict
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import streamlit as st

from data import owned
from data.store import Store
from pages.parts import timing
from pages.parts.answers import Answers, Question
from queries.filters import Filters
from queries.run import is_covered, needs_kept, parameters, run, suffices

AHEAD = "_ahead"
PAGES = 20  # of which is remembered what they usually ask
MOST_KEPT = 500


class QueryFailed(Exception):
    """The engine could not answer; the text names the query and the kind of error only."""


class Asked(NamedTuple):
    """All that an answer depends on."""

    path: str
    version: int
    name: str
    filters: Filters
    moment: datetime
    values: tuple[tuple[str, Any], ...]


_answers = Answers()
_usual: OrderedDict[str, list[tuple[str, tuple[tuple[str, Any], ...]]]] = OrderedDict()


def now() -> datetime:
    """The present minute: the dates of Voucher Manager know no seconds."""
    return datetime.now().replace(second=0, microsecond=0)


def today() -> date:
    """The day on which the app runs."""
    return now().date()


def fetch(name: str, filters: Filters, **values: object) -> pd.DataFrame:
    """The answer to `queries/<name>.sql`. Do not change it. Raises StoreUnavailable."""
    began = time.perf_counter()
    asked = _asked(owned.store(), name, filters, tuple(values.items()))
    question = _wanted(asked)
    try:
        answer = _waited_for(question)
    finally:
        _answers.left(asked, question)
    by = timing.KEPT if answer.attrs["kept"] else timing.COUNTED
    timing.asked(timing.Asked(name, filters, asked.values, time.perf_counter() - began, by))
    return answer


def ask_ahead(page: str, filters: Filters) -> None:
    """Let the engine begin with what a page asked the last time, while it is being drawn."""
    leave_ahead()
    store = owned.store()
    usual = [_asked(store, name, filters, values) for name, values in _usual.get(page, [])]
    st.session_state[AHEAD] = [(asked, _wanted(asked)) for asked in usual]


def leave_ahead() -> None:
    """Nobody waits any more for what was asked ahead and is not there yet."""
    for asked, question in st.session_state.pop(AHEAD, []):
        _answers.left(asked, question)


def remember(page: str, filters: Filters, asked: list[timing.Asked]) -> None:
    """What a page has asked of the filters in force is what it will ask of others."""
    _usual[page] = [(one.name, one.values) for one in asked if one.filters == filters]
    if len(_usual) > PAGES:
        _usual.popitem(last=False)


def _asked(store: Store, name: str, filters: Filters, values: tuple[tuple[str, Any], ...]) -> Asked:
    by_the_clock = filters.asof is None or "now" in parameters(name)
    moment = now() if by_the_clock else datetime.min
    return Asked(str(store.path), store.version, name, filters, moment, values)


def _wanted(asked: Asked) -> Question:
    return _answers.wanted(asked, lambda question: _answer(asked, question))


def _waited_for(question: Question) -> pd.DataFrame:
    while True:
        try:
            return question.answer.result(timeout=0.1)
        except TimeoutError:
            # Streamlit ends the run here if the filters have changed or the tab is closed.
            st.session_state.get(AHEAD)


def _answer(asked: Asked, question: Question) -> pd.DataFrame:
    store = owned.store()
    with store.cursor() as cursor:
        question.asks(cursor)
        try:
            kept = needs_kept(asked.name) and _suffices(cursor, asked)
            answer = _run(cursor, asked, kept)
            if kept and store.version != asked.version:
                # An import came between the two questions.
                kept = False
                answer = _run(cursor, asked, kept)
        except duckdb.Error as error:
            # The engine's words may quote a code, and Streamlit logs what is raised.
            raise QueryFailed(f"{asked.name}.sql: {type(error).__name__}") from None
        finally:
            question.asks(None)
    answer.attrs["kept"] = kept and is_covered(asked.name, asked.filters)
    return answer


def _run(cursor: duckdb.DuckDBPyConnection, asked: Asked, kept: bool) -> pd.DataFrame:
    return run(cursor, asked.name, asked.filters, asked.moment, **dict(asked.values), kept=kept)


_suffices_for: dict[tuple[object, ...], bool] = {}
_one_asks = threading.Lock()


def _suffices(cursor: duckdb.DuckDBPyConnection, asked: Asked) -> bool:
    key = (asked.path, asked.version, asked.filters.of_totals(), asked.moment)
    with _one_asks:  # the others of the same view wait for the same answer
        if key not in _suffices_for:
            if len(_suffices_for) > MOST_KEPT:
                _suffices_for.clear()
            _suffices_for[key] = suffices(cursor, asked.filters, asked.moment)
        return _suffices_for[key]
