"""Questions to the store: each is asked once, whoever waits for it, and none in vain.

Streamlit's own cache cannot do this: here an answer can be on its way before a page needs it,
and a question that nobody waits for any more is stopped.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

import duckdb
import pandas as pd

MOST = 1000  # answers that are kept
WORKERS = 6


class Question:
    """One question, and those who wait for its answer. The answers must not be changed."""

    def __init__(self) -> None:
        self.answer: Future[pd.DataFrame]
        self.waiting = 0
        self._cursor: duckdb.DuckDBPyConnection | None = None
        self._is_over = False
        self._lock = threading.Lock()

    def asks(self, cursor: duckdb.DuckDBPyConnection | None) -> None:
        """The cursor that works for the question now, or None. Raises CancelledError."""
        with self._lock:
            self._cursor = cursor
            if cursor and self._is_over:
                raise CancelledError

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


class Answers:
    """The latest answers, and those that are being looked for."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, "question")
        self._questions: OrderedDict[Hashable, Question] = OrderedDict()
        self._lock = threading.Lock()

    def wanted(self, key: Hashable, ask: Callable[[Question], pd.DataFrame]) -> Question:
        """The question with this key, which begins to be asked if it is new.

        Whoever takes it waits for it until it is left.
        """
        with self._lock:
            if question := self._questions.get(key):
                self._questions.move_to_end(key)
            else:
                question = self._begun(key, ask)
            question.waiting += 1
            return question

    def left(self, key: Hashable, question: Question) -> None:
        """One less waits for it. If nobody does any more, it is stopped."""
        with self._lock:
            question.waiting -= 1
            if question.waiting or question.answer.done():
                return
            if self._questions.get(key) is question:
                del self._questions[key]
        question.stop()

    def _begun(self, key: Hashable, ask: Callable[[Question], pd.DataFrame]) -> Question:
        question = self._questions[key] = Question()
        if len(self._questions) > MOST:
            self._questions.popitem(last=False)
        question.answer = self._pool.submit(ask, question)
        question.answer.add_done_callback(lambda answer: self._settle(key, answer))
        return question

    def _settle(self, key: Hashable, answer: Future[pd.DataFrame]) -> None:
        """A failure is no answer: who asks again is to have another try."""
        if answer.cancelled() or answer.exception():
            # Not under the lock: a cancelled future calls this in the thread that holds it.
            question = self._questions.get(key)
            if question and question.answer is answer:
                self._questions.pop(key, None)
