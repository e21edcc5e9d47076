"""Runs analysts' SQL on a copy of a store, in a process of its own that can be killed."""

import logging
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from queries.engine.sandbox.cells import (
    ROWS,
    Earlier,
    Names,
    NotAllowed,
    Place,
    SqlCell,
    SqlError,
    SqlFailed,
    SqlRows,
)
from queries.engine.sandbox.failures import OTHERWISE, TOO_LARGE
from queries.engine.sandbox.messages import Message
from queries.engine.sandbox.process import Broken, Ended, Patience, Process, TimedOut
from queries.engine.sandbox.requests import of_cells

SECONDS = 10.0
SECONDS_OF_FILES = 60.0
CLOSING = 2.0  # seconds that the thread of a cancelled cell is waited for
ERRORS: dict[str, type[SqlError]] = {"NotAllowed": NotAllowed, "SqlFailed": SqlFailed}
ENDED = "The engine of this notebook ended, most likely because the cell needs too much memory."
CANCELLED = "The cell was cancelled."

_log = logging.getLogger(__name__)


class Sandbox:
    """One process for one copy of a store. It is started when first needed, and after each kill.

    Without a copy it only says what SQL names.

    Several threads may use it: one cell runs at a time. Every method raises NotAllowed where the
    SQL is none that a notebook runs, SqlFailed where there is no result.
    """

    def __init__(self, copy: Path | None, *, seconds: float = SECONDS) -> None:
        self._copy = copy
        self._seconds = seconds
        self._turn = threading.Lock()
        self._changing = threading.Lock()
        self._process: Process | None = None
        self._is_busy = False
        self._is_cancelled = False

    def names(self, sql: str) -> Names:
        """The tables, cells and columns that a cell names."""
        request = Message({"do": "names", "sql": sql})
        with self._answers("", request, self._seconds) as answer:
            values = answer().values
        return Names(frozenset(values["tables"]), frozenset(values["columns"]))

    def run(
        self,
        cell: SqlCell,
        earlier: Earlier = (),
        *,
        offset: int = 0,
        most: int = ROWS,
        seconds: float | None = None,
    ) -> SqlRows:
        """A page of a cell's result, of at most ROWS rows and 1 MB."""
        request = of_cells("run", cell, earlier, offset=offset, most=min(most, ROWS))
        with self._answers(cell.name, request, seconds or self._seconds) as answer:
            values, (table,) = answer()
        columns = [(name, kind) for name, kind in values["columns"]]
        return SqlRows(table, values["row_count"], columns)

    def batches(
        self, cell: SqlCell, earlier: Earlier = (), *, seconds: float = SECONDS_OF_FILES
    ) -> Generator[pa.RecordBatch, None, None]:
        """All rows of a cell's result; the first batch is empty, and gives the columns.

        `seconds` limits how long the engine is waited for, in all. Read it to its end or close
        it: until then no other cell can run.
        """
        with self._answers(cell.name, of_cells("batches", cell, earlier), seconds) as answer:
            while (message := answer()).values["more"]:
                (table,) = message.tables
                yield from table.to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]

    def cancel(self) -> None:
        """End the cell that runs, if one does: its thread gets SqlFailed."""
        with self._changing:
            if self._is_busy and self._process:
                self._is_cancelled = True
                self._process.kill()

    def close(self) -> None:
        """End the process; a cell that runs is cancelled."""
        self.cancel()
        # Whoever has begun to read batches and never reads on keeps the turn.
        if self._turn.acquire(timeout=CLOSING):
            try:
                self._end()
            finally:
                self._turn.release()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        process = self._process
        return process.pid if process and process.is_alive else None

    @contextmanager
    def _answers(
        self, cell: str, request: Message, seconds: float
    ) -> Iterator[Callable[[], Message]]:
        """Send a request; the block calls for each answer. A process that fails is ended."""
        with self._turn:
            patience = Patience(seconds)
            is_whole = False
            try:
                process = self._begin()
                process.send(request)
                yield lambda: _checked(process.receive(patience))
                is_whole = True
            except SqlError as error:
                is_whole = True
                raise error.of(cell) from None
            except (Ended, TimedOut, Broken) as error:
                raise self._why(error, cell, seconds) from None
            finally:
                with self._changing:
                    self._is_busy = False
                if not is_whole:
                    self._end()

    def _begin(self) -> Process:
        if self._process and not self._process.is_alive:
            self._end()
        process = self._process or Process(self._copy)
        with self._changing:
            self._process = process
            self._is_busy, self._is_cancelled = True, False
        return process

    def _end(self) -> None:
        with self._changing:
            process, self._process = self._process, None
        if process:
            process.close()

    def _why(self, error: Exception, cell: str, seconds: float) -> SqlFailed:
        kind = "Cancelled" if self._is_cancelled else type(error).__name__
        _log.warning("The SQL cell %s gave no result: %s %s", cell, kind, error)
        if self._is_cancelled:
            return SqlFailed(CANCELLED, cell=cell)
        if isinstance(error, TimedOut):
            return SqlFailed(f"The cell did not finish within {seconds:g} seconds.", cell=cell)
        if isinstance(error, Ended):
            return SqlFailed(ENDED, cell=cell)
        return SqlFailed(TOO_LARGE if str(error) == "MemoryError" else OTHERWISE, cell=cell)


def _checked(answer: Message) -> Message:
    """An answer that is no error. Raises SqlError for one that is."""
    if (found := answer.values.get("error")) is None:
        return answer
    place = Place(*found["place"]) if found["place"] else None
    raise ERRORS[found["kind"]](found["reason"], cell=found["cell"], place=place)
