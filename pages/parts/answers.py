"""Questions to the store: each is asked once, whoever waits for it, and none in vain.

Streamlit's own cache cannot do this: here an answer can be on its way before a page needs it,
and a question that nobody waits for any more is stopped.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Generic, TypeVar

import duckdb

Answer = TypeVar("Answer")
MOST = 1000  # answers that are kept
WORKERS = 24


class Question(Generic[Answer]):
    """One question, and those who wait for its answer. The answers must not be changed."""

    def __init__(self) -> None:
        self.answer: Future[Answer]
        self.waiting = 0
        self._cursor: duckdb.DuckDBPyConnection | None = None
        self._is_over = False
        self._lock = threading.Lock()

    def asks(self, cursor: duckdb.DuckDBPyConnection | None) -> None:
        """The cursor that works for the question now, or None. Raises CancelledError."""
        with self._lock:
            self._cursor = cursor
        if cursor:
            self.go_on()

    def go_on(self) -> None:
        """Raise CancelledError if nobody waits for the answer any more."""
        with self._lock:
            if self._is_over:
                raise CancelledError

    def is_answered(self) -> bool:
        """Whether there is an answer, not a failure."""
        done = self.answer.done() and not self.answer.cancelled()
        return done and self.answer.exception() is None

    def stop(self) -> None:
        """Let the engine leave it."""
        with self._lock:
            self._is_over = True
        if not self.answer.cancel():
            threading.Thread(target=self._interrupt, name="stop", daemon=True).start()

    def _interrupt(self) -> None:
        # Again and again: an interruption that comes between two statements is lost.
        while not self.answer.done():
            with self._lock:
                if self._cursor:
                    self._cursor.interrupt()
            time.sleep(0.05)


class Answers(Generic[Answer]):
    """The latest answers, and those that are being looked for."""

    def __init__(
        self,
        most: int = MOST,
        workers: int = WORKERS,
        forget: Callable[[Answer], None] = lambda _: None,
    ) -> None:
        """`forget` is told of an answer that makes room for others."""
        self._most = most
        self._pool = ThreadPoolExecutor(workers, "question")
        self._forget = forget
        self._questions: OrderedDict[Hashable, Question[Answer]] = OrderedDict()
        self._lock = threading.RLock()  # a future that is done calls back at once

    def wanted(self, key: Hashable, ask: Callable[[Question[Answer]], Answer]) -> Question[Answer]:
        """The question with this key, which begins to be asked if it is new.

        Whoever takes it waits for it, or goes on using its answer, until it is left.
        """
        with self._lock:
            if question := self._questions.get(key):
                self._questions.move_to_end(key)
            else:
                question = self._begun(key, ask)
            question.waiting += 1
            return question

    def left(self, key: Hashable, question: Question[Answer]) -> None:
        """One less waits for it. If nobody does any more, it is stopped."""
        with self._lock:
            question.waiting -= 1
            if question.waiting or question.answer.done():
                return
            if self._questions.get(key) is question:
                del self._questions[key]
        question.stop()

    @contextmanager
    def needed(
        self, key: Hashable, ask: Callable[[Question[Answer]], Answer], by: Question[Any]
    ) -> Iterator[Answer]:
        """The answer to what another question rests on, for as long as that one needs it.

        Raises CancelledError if nobody waits for the other one any more.
        """
        question = self.wanted(key, ask)
        try:
            while True:
                by.go_on()
                with suppress(TimeoutError):
                    answer = question.answer.result(timeout=0.1)
                    break
            yield answer
        finally:
            self.left(key, question)

    def _begun(self, key: Hashable, ask: Callable[[Question[Answer]], Answer]) -> Question[Answer]:
        self._make_room()
        question = self._questions[key] = Question()
        question.answer = self._pool.submit(ask, question)
        question.answer.add_done_callback(lambda _: self._settle(key, question))
        return question

    def _make_room(self) -> None:
        """Forget the oldest answers that nobody uses."""
        free = (
            key
            for key, question in self._questions.items()
            if not question.waiting and question.is_answered()
        )
        too_many = len(self._questions) - self._most + 1
        for key in list(islice(free, max(0, too_many))):
            self._pool.submit(self._forget, self._questions.pop(key).answer.result())

    def _settle(self, key: Hashable, question: Question[Answer]) -> None:
        """A failure is no answer: who asks again is to have another try.

        An answer that came just when everybody had left is nobody's.
        """
        with self._lock:
            is_kept = self._questions.get(key) is question
            if is_kept and not question.is_answered():
                del self._questions[key]
        if question.is_answered() and not is_kept:
            self._forget(question.answer.result())
