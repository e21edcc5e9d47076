"""Checks the alerts of notebooks in one background thread, for each person who looks.

A page reads what is known and never waits: where the data or a notebook have changed, it only asks
for another check. What is known of a notebook is forgotten as soon as either has changed.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cachetools import LRUCache

from data.store.errors import EngineError, StoreUnavailable
from data.store.notebook_text import NotSaved
from data.store.notebooks import Stamp
from pages.people.notebooks import NotebooksOfPeople
from pages.people.person import Person
from queries.access import Access
from queries.engine.execute import Cursor
from queries.engine.source import Source
from queries.notebooks.alerts import Checked, check, has_alerts, needs_sql
from queries.notebooks.document import Document, read
from queries.notebooks.run import StateChanged, state_of
from queries.notebooks.sql import Sql

PERSONS = 200  # of whom results are remembered
RESULTS = 2_000  # of a notebook, on some data, with some access
MOST = 50  # sentences of a notebook that are remembered
POLITE = 2.0  # seconds that a cell lets pages go first, at most
STEP = 0.02  # seconds between two looks whether pages still run
STOPPING = 10.0  # seconds that close() waits for a running cell
COULD_NOT = "The notebook could not be run."

SqlCells = Callable[[], AbstractContextManager[Sql | None]]
_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The check is not wanted any more: the app stops, or the data have changed."""


class Data(NamedTuple):
    """Which data a store has, without a query."""

    path: str
    version: int


@dataclass(frozen=True)
class Looked:
    """What is known for a person: of each notebook with alerts that is for them what became of it.

    `is_done` is false while some are still to be checked.
    """

    notebooks: Mapping[str, Checked] = field(default_factory=dict)
    is_done: bool = True


@dataclass
class _Known:
    """The last check for a person, filled while it runs: None for a notebook without alerts."""

    data: Data
    stamps: Mapping[str, Stamp]
    results: dict[str, Checked | None] = field(default_factory=dict)
    is_done: bool = False

    def is_of(self, data: Data, stamps: Mapping[str, Stamp]) -> bool:
        """Whether the check has ended, and nothing has changed since."""
        return self.is_done and (self.data, self.stamps) == (data, stamps)

    def still_true(self, data: Data, stamps: Mapping[str, Stamp]) -> dict[str, Checked | None]:
        """The results of notebooks that are as they were, on the same data."""
        if self.data != data:
            return {}
        return {
            name: result
            for name, result in self.results.items()
            if stamps.get(name) == self.stamps.get(name)
        }


class _Key(NamedTuple):
    """All that a result depends on."""

    state: str
    access: Access
    text: str


class AlertChecks:
    """The alerts of a store's notebooks. Safe for threads."""

    def __init__(
        self,
        notebooks: NotebooksOfPeople,
        source: Callable[[], Source],
        *,
        sql_cells: SqlCells = lambda: nullcontext(None),
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`sql_cells` gives what runs SQL, or None where nothing does.

        `is_busy` says whether pages wait for the engine: they go first.
        """
        self._notebooks = notebooks
        self._source = source
        self._sql_cells = sql_cells
        self._is_busy = is_busy
        self._lock = threading.Lock()
        self._known: LRUCache[Person, _Known] = LRUCache(PERSONS)
        self._results: LRUCache[_Key, Checked] = LRUCache(RESULTS)
        self._worker = ThreadPoolExecutor(1, "alerts")
        self._queued: set[Person] = set()
        self._state: tuple[Data, str] | None = None
        self._cursor: Cursor | None = None
        self._is_closed = False
        self._is_running = False

    def of(self, person: Person) -> Looked:
        """What is known now. Asks for a check where something has changed; never waits for one."""
        try:
            data, stamps = self._now()
        except (NotSaved, StoreUnavailable):
            return Looked()  # the page says why
        with self._lock:
            known = self._known.get(person)
            is_done = not stamps or (known is not None and known.is_of(data, stamps))
            if not is_done:
                self._ask(person)
            found = known.still_true(data, stamps) if known else {}
        return Looked({name: one for name, one in found.items() if one is not None}, is_done)

    def stop(self) -> None:
        """Check nothing any more; what runs ends with its cell."""
        with self._lock:
            self._is_closed = True
        self._worker.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Check nothing any more, and end what runs."""
        self.stop()
        until = time.monotonic() + STOPPING
        while self._is_running and time.monotonic() < until:
            # Repeated: an interrupt that comes between two statements is lost.
            with self._lock, suppress(EngineError):
                if self._cursor:
                    self._cursor.interrupt()
            time.sleep(STEP)

    def _ask(self, person: Person) -> None:
        """Queue a check, once. The lock is held."""
        if person not in self._queued and not self._is_closed:
            self._queued.add(person)
            self._worker.submit(self._check_for, person)

    def _now(self) -> tuple[Data, dict[str, Stamp]]:
        """The data and the notebooks as they are. Raises StoreUnavailable, NotSaved."""
        return self._data(), self._notebooks.stamps()

    def _data(self) -> Data:
        source = self._source()
        return Data(str(source.path), source.version)

    def _check_for(self, person: Person) -> None:
        """Check the notebooks of a person, one after the other; begin again where data change."""
        with self._lock:
            self._queued.discard(person)
            self._is_running = True
        try:
            self._check_all(person)
        except Stopped:
            with self._lock:
                self._ask(person)
        except (NotSaved, StoreUnavailable):
            pass  # the next page asks again
        finally:
            self._is_running = False

    def _check_all(self, person: Person) -> None:
        data, stamps = self._now()
        with self._lock:
            before = self._known.get(person)
            kept = before.still_true(data, stamps) if before else {}
            known = self._known[person] = _Known(data, stamps, dict(kept))
        ran = 0
        for seen in self._notebooks.seen_by(person):
            name = seen.listed.name
            if seen.listed.problem or name not in stamps:
                continue  # it cannot be opened, or has come since
            if name in kept:
                continue
            self._go_on(data)
            ran += 1
            result = self._checked(person, name, data)
            with self._lock:
                known.results[name] = result
        known.is_done = True
        not_checked = sum(1 for one in known.results.values() if one and one.not_checked)
        if ran:
            _log.info("Looked for alerts in %d notebooks, %d not wholly", ran, not_checked)

    def _checked(self, person: Person, name: str, data: Data) -> Checked | None:
        """What became of a notebook's alerts; None where it has none. Raises Stopped."""
        try:
            kept = self._notebooks.text(person, name)
            document = read(kept.text)
            if not has_alerts(document):
                return None
            return self._of_text(document, kept.digest, person.access, data)
        except NotSaved:
            return None  # it has gone since
        except StateChanged:
            raise Stopped from None
        except (Stopped, StoreUnavailable):
            raise
        except Exception as error:
            self._go_on(data)  # or it failed because it was interrupted
            # Whatever one notebook does wrong, the others are checked.
            _log.warning("A notebook's alerts could not be checked (%s)", type(error).__name__)
            return Checked(not_checked=(COULD_NOT,))

    def _of_text(self, document: Document, digest: str, access: Access, data: Data) -> Checked:
        """The result of a text with this digest, which somebody with the same access may have."""
        with self._source().cursor() as cursor, self._interruptible(cursor):
            key = _Key(self._state_of(cursor, access, data), access, digest)
            with self._lock:
                same = self._results.get(key)
            if same is not None:
                return same
            with self._sql_cells() if needs_sql(document) else nullcontext(None) as sql:
                found = check(
                    document,
                    cursor,
                    datetime.now(),
                    access,
                    sql,
                    before_each=lambda: self._go_on(data),
                )
        self._go_on(data)  # of a cell that was interrupted it is not true that it failed
        result = Checked(found.fired[:MOST], found.not_checked[:MOST])
        with self._lock:
            self._results[key] = result
        return result

    def _state_of(self, cursor: Cursor, access: Access, data: Data) -> str:
        if self._state is None or self._state[0] != data:
            self._state = data, state_of(cursor, access)
        return self._state[1]

    def _go_on(self, data: Data) -> None:
        """Let pages go first. Raises Stopped where the check is of no use any more."""
        until = time.monotonic() + POLITE
        while True:
            if self._is_closed or self._data() != data:
                raise Stopped
            if not self._is_busy() or time.monotonic() > until:
                return
            time.sleep(STEP)

    @contextmanager
    def _interruptible(self, cursor: Cursor) -> Iterator[None]:
        """Let close() interrupt what runs on the cursor in the block."""
        with self._lock:
            self._cursor = cursor
        try:
            yield
        finally:
            with self._lock:
                self._cursor = None
