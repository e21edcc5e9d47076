"""A file that the engine writes at its own speed, while a client reads it at another.

So a slow client never holds a snapshot of the store open.
"""

import contextlib
import hashlib
import logging
import os
import select
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from queries.downloading.formats import FORMATS, NOT_WHOLE, Failed
from queries.downloading.records import CHUNK, Records, digest_and_rows
from queries.downloading.write import write
from queries.engine.execute import Cursor
from queries.filters import Filters

if sys.platform == "linux":
    import fcntl

NOT_WRITTEN = "The file could not be written"  # Failed.sentence() adds the reason
NO_ROOM = "There is not enough room on the disk for this download. Make room and try again."

_log = logging.getLogger(__name__)


class Spool:
    """The file, from its first byte to its deletion."""

    def __init__(
        self,
        cursor: Cursor,
        kind: str,
        filters: Filters,
        data_until: datetime | None,
        directory: Path,
        form: str = "csv",
        room: int = 0,
        before_writing: Callable[[], None] = lambda: None,
        on_written: Callable[[], None] = lambda: None,
        **values: object,
    ) -> None:
        """Start writing. The spool closes `cursor` as soon as the rows are written.

        `room` is how many bytes of the disk stay free for others. The thread that has the engine
        write a CSV file calls `before_writing`; `on_written` is called when the engine has ended.
        """
        handle, path = tempfile.mkstemp(prefix="export-", suffix=f".{form}", dir=directory)
        os.close(handle)
        self._path = Path(path)
        self._file: BinaryIO = self._path.open("rb")
        self._form = form
        self._cursor = cursor
        self._room = room
        self._before_writing = before_writing
        self._on_written = on_written
        self._why = ""
        self._error: Exception | None = None
        self._sent = 0
        self._digest = hashlib.sha256()
        self._records = Records()
        self._rows = 0
        self._is_csv = form == "csv"
        self._whole: dict[str, object] = {}  # of a file that chunk() did not send
        self._aborted = threading.Event()
        self._written_by_engine = threading.Event()
        self._ended = threading.Event()
        self._changed = threading.Event()
        self._tell: Callable[[], None] = lambda: None
        self._pipe = self._path.with_name(f"pipe-{self._path.stem}")
        if has_pipe := FORMATS[form].write is None and hasattr(os, "mkfifo"):
            os.mkfifo(self._pipe, 0o600)
            # Before the engine opens it, which would wait for a reader for ever.
            reader = os.open(self._pipe, os.O_RDONLY | os.O_NONBLOCK)
            _widen(reader)
            self._start(lambda: self._pump(reader))
        elif FORMATS[form].write is None:
            self._start(self._look_often)
        self._start(lambda: self._write(kind, filters, data_until, has_pipe, **values))

    @staticmethod
    def _start(work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="export", daemon=True).start()

    def _write(
        self,
        kind: str,
        filters: Filters,
        data_until: datetime | None,
        has_pipe: bool,
        **values: object,
    ) -> None:
        try:
            if has_pipe:  # what Python writes holds its lock, which pages need
                self._before_writing()
            self._rows = write(
                self._cursor,
                kind,
                filters,
                data_until,
                self._pipe if has_pipe else self._path,
                self._form,
                goes_on=self._goes_on,
                **values,
            )
        except Failed as error:
            self._why = self._why or str(error)
        except Exception as error:  # whatever it is: a client must not take the file for whole
            self._fail(error)
        finally:
            try:
                self._cursor.close()  # and with it a transaction, which would keep old rows alive
            finally:
                self._on_written()
                self._written_by_engine.set()
                if not has_pipe:
                    self._end()

    def _goes_on(self) -> bool:
        """Whether the next rows are to be written; those before are in the file."""
        self._notify()
        return not self._aborted.is_set() and self._has_room()

    def _look_often(self) -> None:
        """Say that there may be more: the engine writes the file and tells nobody."""
        while not self._ended.wait(0.05):
            self._notify()

    def _end(self) -> None:
        self._ended.set()
        self._notify()

    def _notify(self) -> None:
        """Wake whoever waits for more."""
        self._changed.set()
        self._tell()

    def _pump(self, pipe: int) -> None:
        """Copy from the engine's pipe into the file. To stop the engine, the pipe is closed:
        DuckDB 2.0 sometimes never returns from an interrupted copy.
        """
        has_begun = False
        waiting = select.poll()  # select() takes no descriptor above 1023
        waiting.register(pipe, select.POLLIN)
        try:
            with self._path.open("wb", buffering=0) as file:
                while not self._aborted.is_set():
                    is_over = self._written_by_engine.is_set()
                    waiting.poll(50)
                    try:
                        data = os.read(pipe, CHUNK)
                    except BlockingIOError:
                        continue
                    if data:
                        has_begun = True
                        _write_all(file, data)
                        self._notify()
                        if not self._has_room():
                            return
                    elif is_over:
                        return
                    else:
                        time.sleep(0.002)  # the engine has not begun yet
        except Exception as error:  # whatever it is: a client must not take the file for whole
            self._fail(error)
        finally:
            # An engine that has not opened the pipe yet would create a plain file by its name.
            while not has_begun and not self._written_by_engine.wait(0.01):
                with contextlib.suppress(BlockingIOError):
                    has_begun = bool(os.read(pipe, CHUNK))
            os.close(pipe)
            self._pipe.unlink(missing_ok=True)
            self._written_by_engine.wait()
            self._end()

    def _fail(self, error: Exception) -> None:
        if not self._why and not self._aborted.is_set():
            _log.error("A download could not be written", exc_info=error)
            self._error = error
        self._why = self._why or NOT_WRITTEN

    def _has_room(self) -> bool:
        if shutil.disk_usage(self._path.parent).free >= self._room:
            return True
        self._why = self._why or NO_ROOM
        return False

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have `tell` called, by other threads, when bytes, the end or a failure have come."""
        self._tell = tell

    def chunk(self) -> bytes:
        """The next bytes, as soon as there are any; none at the end. Raises Failed."""
        while True:
            self._changed.clear()
            if (data := self.poll()) is not None:
                return data
            self._changed.wait()

    def poll(self) -> bytes | None:
        """The next bytes; None if there are none yet, no bytes at the end. Raises Failed."""
        ended = self._ended.is_set()
        if self._why:
            raise Failed(self._why) from self._error
        if data := self._next(ended):
            self._sent += len(data)
            self._digest.update(data)
            if self._is_csv:
                self._records.add(data)
            return data
        if ended:
            self._check_rows(self._records.rows)
        return b"" if ended else None

    def _next(self, ended: bool) -> bytes:
        """The bytes after those that were sent, as far as they are final.

        Without a pipe, the engine's threads write their parts of a CSV file where they belong,
        so there are holes until it has ended: zero bytes, which no code has.
        """
        if not FORMATS[self._form].grows and not ended:
            return b""
        self._file.seek(self._sent)
        data = self._file.read(CHUNK)
        hole = data.find(b"\0") if self._form == "csv" and not ended else -1
        return data if hole < 0 else data[:hole]

    def finished(self) -> Path | None:
        """Where the whole file lies; None while it is not whole. Raises Failed."""
        ended = self._ended.is_set()
        if self._why:
            raise Failed(self._why) from self._error
        if not ended:
            return None
        digest, rows = digest_and_rows(self._path, self._form)
        self._check_rows(rows)
        self._whole = {"bytes": self._path.stat().st_size, "sha256": digest}
        return self._path

    def _check_rows(self, sent: int | None) -> None:
        """Raise Failed where the bytes of a CSV file hold other rows than the engine wrote.

        Then bytes were lost on their way, or somebody else read from the pipe. The writers of
        the other formats compare themselves.
        """
        if self._is_csv and sent != self._rows:
            _log.error(
                "A download is not whole: the engine wrote %d rows, the file has %d",
                self._rows,
                sent,
            )
            self._why = NOT_WHOLE
            raise Failed(NOT_WHOLE)

    def outcome(self) -> dict[str, object]:
        """The rows, bytes and SHA-256 of a file that was sent, by chunk() or from finished()."""
        sent = {"bytes": self._sent, "sha256": self._digest.hexdigest()}
        return {"rows": self._rows, **(self._whole or sent)}

    def abort(self) -> None:
        """Stop the engine. chunk(), poll() and finished() then raise Failed."""
        self._why = self._why or "The client has gone."
        self._aborted.set()
        self._notify()

    def close(self) -> None:
        """Stop the engine if it still writes, and delete the file."""
        self._aborted.set()
        self._ended.wait()
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._pipe.unlink(missing_ok=True)


def _widen(pipe: int) -> None:
    """Let the pipe hold a chunk where the system can: at 64 kB, its usual size, the engine and
    the pump wait for each other, and the pump for Python, sixteen times as often.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the user's pipes hold as much as they may together
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)


def _write_all(file: RawIOBase, data: bytes) -> None:
    """Write all of the data: an almost full disk takes a part, and fails on the next one."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]
