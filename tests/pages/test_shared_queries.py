"""Identical requests share one query; a query that nobody waits for is interrupted."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError

import duckdb
import pandas as pd
import pytest

from data import owned
from data.store import Store
from pages.parts import fetch
from pages.parts.answers import WORKERS, Answers, Question
from queries.filters import Filters

LONG = "select count(*) as n from range(1000000) as a, range(1000000) as b where a.range < b.range"
NONE = pd.DataFrame()


def long_question(
    store: Store, began: threading.Event, question: Question[pd.DataFrame]
) -> pd.DataFrame:
    with store.cursor() as cursor:
        question.asks(cursor)
        began.set()
        try:
            return cursor.execute(LONG).df()
        finally:
            question.asks(None)


def test_identical_requests_run_one_query_and_get_the_same_result() -> None:
    answers, requested = Answers[pd.DataFrame](), []

    def ask(question: Question[pd.DataFrame]) -> pd.DataFrame:
        requested.append(question)
        time.sleep(0.1)
        return NONE

    first, second = answers.wanted("a", ask), answers.wanted("a", ask)
    assert first.answer.result(5) is second.answer.result(5) is NONE
    assert len(requested) == 1


def test_a_result_stays_cached_after_everybody_has_left() -> None:
    answers = Answers[pd.DataFrame]()
    question = answers.wanted("a", lambda _: NONE)
    question.answer.result(5)
    answers.left("a", question)
    assert answers.wanted("a", lambda _: pytest.fail("It ran again.")).answer.done()


def test_a_query_that_nobody_waits_for_any_more_is_interrupted(
    store: Store,
) -> None:
    answers, began = Answers[pd.DataFrame](), threading.Event()
    question = answers.wanted("a", lambda q: long_question(store, began, q))
    assert began.wait(5)
    answers.left("a", question)
    with pytest.raises(duckdb.InterruptException):
        question.answer.result(5)


def test_a_query_continues_as_long_as_one_of_two_waits(store: Store) -> None:
    answers, began = Answers[pd.DataFrame](), threading.Event()
    question = answers.wanted("a", lambda q: long_question(store, began, q))
    other = answers.wanted("a", lambda q: long_question(store, began, q))
    assert began.wait(5)
    answers.left("a", question)
    with pytest.raises(TimeoutError):
        other.answer.result(0.3)
    answers.left("a", other)
    with pytest.raises(duckdb.InterruptException):
        other.answer.result(5)


def test_a_request_after_an_interrupted_query_gets_a_result(store: Store) -> None:
    answers, began = Answers[pd.DataFrame](), threading.Event()
    stopped = answers.wanted("a", lambda q: long_question(store, began, q))
    answers.left("a", stopped)
    assert answers.wanted("a", lambda _: NONE).answer.result(5) is NONE
    with pytest.raises((duckdb.InterruptException, CancelledError)):
        stopped.answer.result(5)


def test_a_query_abandoned_before_its_start_never_runs() -> None:
    answers, free = Answers[pd.DataFrame](), threading.Event()
    busy = [answers.wanted(n, lambda _: (free.wait(5), NONE)[1]) for n in range(WORKERS)]
    late = answers.wanted("late", lambda _: pytest.fail("It ran."))
    answers.left("late", late)
    free.set()
    assert all(question.answer.result(5) is NONE for question in busy)
    with pytest.raises(CancelledError):
        late.answer.result(5)


def test_a_failed_query_raises_and_is_run_again_for_the_next_request() -> None:
    answers = Answers[pd.DataFrame]()

    def fails(_: Question[pd.DataFrame]) -> pd.DataFrame:
        raise ValueError("No.")

    with pytest.raises(ValueError, match="No"):
        answers.wanted("a", fails).answer.result(5)
    time.sleep(0.05)  # the failure is forgotten in the thread that had it
    assert answers.wanted("a", lambda _: NONE).answer.result(5) is NONE


def test_the_oldest_unused_results_are_evicted_first() -> None:
    forgotten: list[str] = []
    answers = Answers[str](most=2, workers=1, forget=forgotten.append)
    used = answers.wanted("used", lambda _: "used")
    for name in ("a", "b", "c"):
        question = answers.wanted(name, lambda _, name=name: name)  # type: ignore[misc]
        assert question.answer.result(5) == name
        answers.left(name, question)
    done = answers.wanted("d", lambda _: "d")
    assert done.answer.result(5) == "d"
    assert forgotten == ["a", "b", "c"]
    assert answers.wanted("used", lambda _: "new") is used


def test_a_query_abandons_the_one_it_depends_on_when_nobody_waits_any_more(store: Store) -> None:
    began = threading.Event()
    below, above = Answers[pd.DataFrame](), Answers[pd.DataFrame]()

    def rests(question: Question[pd.DataFrame]) -> pd.DataFrame:
        with below.needed("b", lambda q: long_question(store, began, q), question) as found:
            return found

    waiting = above.wanted("a", rests)
    assert began.wait(5)
    resting = below.wanted("b", lambda _: NONE)
    below.left("b", resting)
    above.left("a", waiting)
    with pytest.raises(duckdb.InterruptException):
        resting.answer.result(5)
    with pytest.raises(CancelledError):
        waiting.answer.result(5)


def test_a_result_that_arrives_after_everybody_has_left_is_dropped() -> None:
    forgotten: list[str] = []
    answers = Answers[str](forget=forgotten.append)
    began, free = threading.Event(), threading.Event()

    def ask(_: Question[str]) -> str:
        began.set()
        assert free.wait(5)
        return "made"

    question = answers.wanted("a", ask)
    assert began.wait(5)
    answers.left("a", question)
    free.set()
    assert question.answer.result(5) == "made"
    for _ in range(100):
        if forgotten:
            break
        time.sleep(0.01)
    assert forgotten == ["made"]
    assert answers.wanted("a", lambda _: "new").answer.result(5) == "new"


def test_prefetched_queries_are_abandoned_however_a_page_ends(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers[pd.DataFrame]()
    monkeypatch.setattr(fetch, "_answers", answers)
    monkeypatch.setattr(fetch, "_usual", {"": [("numbers", ()), ("status", ())]})
    monkeypatch.setattr(fetch, "_answer", lambda *_: NONE)
    monkeypatch.setattr(owned, "store", lambda: loaded)
    requested: list[Question[pd.DataFrame]] = []
    wanted = answers.wanted

    def noted(
        key: Hashable, ask: Callable[[Question[pd.DataFrame]], pd.DataFrame]
    ) -> Question[pd.DataFrame]:
        requested.append(wanted(key, ask))
        return requested[-1]

    monkeypatch.setattr(answers, "wanted", noted)

    class Ended(BaseException):
        """As Streamlit ends the run of a tab that is closed."""

    with pytest.raises(Ended), fetch.ask_ahead("", Filters()):
        raise Ended
    assert [question.waiting for question in requested] == [0, 0]
