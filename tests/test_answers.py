"""Questions to the store are asked once, shared by all who wait, and never in vain."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError

import duckdb
import pandas as pd
import pytest

from data import owner
from data.store.database import Store
from pages.answers import fetch
from queries.engine.shared_queries import WORKERS, SharedQueries, SharedQuery
from queries.filters import Filters

LONG = "select count(*) as n from range(1000000) as a, range(1000000) as b where a.range < b.range"
NONE = pd.DataFrame()


def long_question(
    store: Store, began: threading.Event, question: SharedQuery[pd.DataFrame]
) -> pd.DataFrame:
    with store.cursor() as cursor:
        question.asks(cursor)
        began.set()
        try:
            return cursor.execute(LONG).df()
        finally:
            question.asks(None)


def test_two_who_want_the_same_answer_ask_once_and_get_the_same() -> None:
    answers, asked = SharedQueries[pd.DataFrame](), []

    def ask(question: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        asked.append(question)
        time.sleep(0.1)
        return NONE

    first, second = answers.wanted("a", ask), answers.wanted("a", ask)
    assert first.answer.result(5) is second.answer.result(5) is NONE
    assert len(asked) == 1


def test_an_answer_stays_at_hand_after_everybody_has_left() -> None:
    answers = SharedQueries[pd.DataFrame]()
    question = answers.wanted("a", lambda _: NONE)
    question.answer.result(5)
    answers.left("a", question)
    assert answers.wanted("a", lambda _: pytest.fail("It was asked again.")).answer.done()


def test_a_question_that_nobody_waits_for_any_more_stops_costing_within_a_second(
    store: Store,
) -> None:
    answers, began = SharedQueries[pd.DataFrame](), threading.Event()
    question = answers.wanted("a", lambda q: long_question(store, began, q))
    assert began.wait(5)
    left = time.monotonic()
    answers.left("a", question)
    with pytest.raises(duckdb.InterruptException):
        question.answer.result(5)
    assert time.monotonic() - left < 1


def test_a_question_goes_on_as_long_as_one_of_two_waits(store: Store) -> None:
    answers, began = SharedQueries[pd.DataFrame](), threading.Event()
    question = answers.wanted("a", lambda q: long_question(store, began, q))
    other = answers.wanted("a", lambda q: long_question(store, began, q))
    assert began.wait(5)
    answers.left("a", question)
    with pytest.raises(TimeoutError):
        other.answer.result(0.3)
    answers.left("a", other)
    with pytest.raises(duckdb.InterruptException):
        other.answer.result(5)


def test_who_asks_after_a_question_was_stopped_gets_an_answer(store: Store) -> None:
    answers, began = SharedQueries[pd.DataFrame](), threading.Event()
    stopped = answers.wanted("a", lambda q: long_question(store, began, q))
    answers.left("a", stopped)
    assert answers.wanted("a", lambda _: NONE).answer.result(5) is NONE
    with pytest.raises((duckdb.InterruptException, CancelledError)):
        stopped.answer.result(5)


def test_a_question_that_was_left_before_it_began_is_never_asked() -> None:
    answers, free = SharedQueries[pd.DataFrame](), threading.Event()
    busy = [answers.wanted(n, lambda _: (free.wait(5), NONE)[1]) for n in range(WORKERS)]
    late = answers.wanted("late", lambda _: pytest.fail("It was asked."))
    answers.left("late", late)
    free.set()
    assert all(question.answer.result(5) is NONE for question in busy)
    with pytest.raises(CancelledError):
        late.answer.result(5)


def test_a_failure_is_told_and_tried_again_by_the_next_who_asks() -> None:
    answers = SharedQueries[pd.DataFrame]()

    def fails(_: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        raise ValueError("No.")

    with pytest.raises(ValueError, match="No"):
        answers.wanted("a", fails).answer.result(5)
    time.sleep(0.05)  # the failure is forgotten in the thread that had it
    assert answers.wanted("a", lambda _: NONE).answer.result(5) is NONE


def test_the_oldest_answers_that_nobody_uses_make_room_for_others() -> None:
    forgotten: list[str] = []
    answers = SharedQueries[str](most=2, workers=1, forget=forgotten.append)
    used = answers.wanted("used", lambda _: "used")
    for name in ("a", "b", "c"):
        question = answers.wanted(name, lambda _, name=name: name)  # type: ignore[misc]
        assert question.answer.result(5) == name
        answers.left(name, question)
    done = answers.wanted("d", lambda _: "d")
    assert done.answer.result(5) == "d"
    assert forgotten == ["a", "b", "c"]
    assert answers.wanted("used", lambda _: "anew") is used


def test_who_rests_on_another_answer_leaves_it_when_nobody_waits_any_more(store: Store) -> None:
    began = threading.Event()
    below, above = SharedQueries[pd.DataFrame](), SharedQueries[pd.DataFrame]()

    def rests(question: SharedQuery[pd.DataFrame]) -> pd.DataFrame:
        with below.needed("b", lambda q: long_question(store, began, q), question) as found:
            return found

    waiting = above.wanted("a", rests)
    assert began.wait(5)
    resting = below.wanted("b", lambda _: NONE)
    below.left("b", resting)
    left = time.monotonic()
    above.left("a", waiting)
    with pytest.raises(duckdb.InterruptException):
        resting.answer.result(5)
    with pytest.raises(CancelledError):
        waiting.answer.result(5)
    assert time.monotonic() - left < 1


def test_an_answer_that_comes_when_everybody_has_left_is_forgotten() -> None:
    forgotten: list[str] = []
    answers = SharedQueries[str](forget=forgotten.append)
    began, free = threading.Event(), threading.Event()

    def ask(_: SharedQuery[str]) -> str:
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
    assert answers.wanted("a", lambda _: "anew").answer.result(5) == "anew"


def test_however_a_page_ends_what_it_asked_ahead_is_left(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = SharedQueries[pd.DataFrame]()
    monkeypatch.setattr(fetch, "_answers", answers)
    monkeypatch.setattr(fetch, "_usual", {"": [("numbers", ()), ("status", ())]})
    monkeypatch.setattr(fetch, "_answer", lambda *_: NONE)
    monkeypatch.setattr(owner, "store", lambda: loaded)
    asked: list[SharedQuery[pd.DataFrame]] = []
    wanted = answers.wanted

    def noted(
        key: Hashable, ask: Callable[[SharedQuery[pd.DataFrame]], pd.DataFrame]
    ) -> SharedQuery[pd.DataFrame]:
        asked.append(wanted(key, ask))
        return asked[-1]

    monkeypatch.setattr(answers, "wanted", noted)

    class Ended(BaseException):
        """As Streamlit ends the run of a tab that is closed."""

    with pytest.raises(Ended), fetch.ask_ahead("", Filters()):
        raise Ended
    assert [question.waiting for question in asked] == [0, 0]
