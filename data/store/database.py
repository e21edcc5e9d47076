"""An open store: one DuckDB file, locked by one process."""

import contextlib
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from data.store import manifest, originals, privacy, settings
from data.store.errors import StoreBusy, StoreUnavailable
from data.store.lake.placing import opened_rows
from data.store.names import cannot_be_a_store, scratch_of
from data.store.opening import connect, is_missing, unavailable
from data.store.settings import SettingError
from data.store.sql import Cursor

Written = TypeVar("Written")
NAME_ANOTHER = "Name another one with VOUCHERS_STORE or --store."


class Store:
    """An open store. Every task takes a cursor of its own."""

    def __init__(
        self,
        path: Path,
        originals_folder: Path | None = None,
        *,
        engine: str | None = None,
        for_pages: bool = False,
    ) -> None:
        """Open the store at `path`, created empty if there is none. Raises StoreUnavailable.

        `originals_folder` holds the imported files; without it, the folder beside the store.
        `engine` says where the rows lie, as VOUCHERS_ENGINE does, which it replaces. `for_pages`:
        pages will ask this store, and go before what the engine does for imports and files.
        """
        if problem := cannot_be_a_store(path):
            raise StoreUnavailable(f"{problem} {NAME_ANOTHER}")
        self._opening = threading.Lock()
        self._write_lock = threading.Lock()
        self._for_pages = for_pages
        self._version = 0
        self._commit_unknown = False
        self._cursors = weakref.WeakSet[Cursor]()  # those that may still read
        try:
            self._engine = settings.engine() if engine is None else engine
            self._open(path, originals_folder)
        except SettingError as error:
            raise StoreUnavailable(str(error)) from None
        except OSError as error:
            raise unavailable(path, error, created=False) from None

    def _open(self, path: Path, originals_folder: Path | None) -> None:
        self.path = path.resolve()
        if problem := cannot_be_a_store(self.path):
            raise StoreUnavailable(f"{problem} {NAME_ANOTHER}")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.scratch = scratch_of(self.path)
        self.originals = originals_folder or originals.folder_of(self.path)
        self.is_new = is_missing(self.path)
        if self.is_new and originals_folder is None:
            _check_not_lost(self.path, self.originals)
        self._db = self._connected()
        try:
            shutil.rmtree(self.scratch, ignore_errors=True)  # what a killed process left
            self.scratch.mkdir(mode=0o700)
            self.originals.mkdir(mode=0o700, exist_ok=True)
            for part in self.originals.glob(".*.part"):
                part.unlink(missing_ok=True)
        except OSError:
            self._db.close()
            raise
        privacy.tighten_store(self.path)
        privacy.tighten_folder(self.originals)
        if originals_folder is None:
            manifest.write(self._db, self.originals)  # the app may have been killed before it did
        try:
            self.rows = opened_rows(self._db, self.path, self._engine)
        except BaseException:
            self._db.close()
            raise

    def _connected(self) -> Cursor:
        return connect(self.path, self.scratch, self._engine, for_pages=self._for_pages)

    def cursor(self) -> Cursor:
        """A cursor for one task. Close it. Raises StoreUnavailable."""
        with self._opening:
            try:
                return self._known(_working_cursor(self._db))
            except duckdb.Error:
                # A checkpoint failed (disk full, most likely): the engine refuses the file
                # for the whole process until it is opened again.
                self._db.close()
                self._db = self._connected()
                self._version += 1
                self._commit_unknown = False
                return self._known(_working_cursor(self._db))

    def _known(self, cursor: Cursor) -> Cursor:
        self._cursors.add(cursor)
        return cursor

    def _readers(self, writer: Cursor) -> list[Cursor]:
        """The cursors that may still read what was there before the writer's commit."""
        with self._opening:  # a cursor that another thread takes meanwhile would end the loop
            return [cursor for cursor in self._cursors if cursor is not writer]

    @property
    def version(self) -> int:
        """The data version: another number after every change of the data."""
        return self._version

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """The one cursor that may write, in one transaction: all of the block or nothing."""
        with self._write_lock, self.cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield cursor
                # Also before the commit: two queries of one version must see the same data.
                self._version += 1
                self._commit_unknown = True
                cursor.execute("commit")
                self._commit_unknown = False
            except BaseException:
                with contextlib.suppress(duckdb.Error):  # the engine may have rolled back
                    cursor.execute("rollback")
                if self._commit_unknown:
                    self.rows.unknown()
                else:
                    self.rows.rolled_back()
                raise
            self._version += 1
            self.rows.committed(self._readers(cursor))
            # What is committed is safe without it; cursor() reopens what a failure breaks.
            with contextlib.suppress(duckdb.Error):
                cursor.execute("checkpoint vouchers")

    @contextmanager
    def unchanged(self, seconds: float) -> Iterator[int]:
        """The data version, while the block runs: nobody writes meanwhile.

        Raises StoreBusy where an import or the like takes longer than `seconds` before it.
        """
        if not self._write_lock.acquire(timeout=seconds):
            raise StoreBusy("The data are being changed, which takes longer than usual.")
        try:
            yield self._version
        finally:
            self._write_lock.release()

    def retrying(self, write: Callable[[], Written]) -> Written:
        """Return what `write` returns, which uses writing(); retry it after one kind of failure.

        DuckDB 2.0 may keep rows of a commit that failed on a full disk in memory. No query sees
        them, but the next commit fails on them: then the engine refuses the file, cursor()
        opens it again, and the retry succeeds.
        """
        was_unknown = self._commit_unknown
        try:
            return write()
        except duckdb.Error:
            if not was_unknown:
                raise
        return write()

    def close(self) -> None:
        """Unlock the file for other processes, as soon as the last query has ended."""
        for _ in range(100):
            try:
                self._db.close()
                self.rows.closed()
                break
            except duckdb.Error:  # a connection with a running query refuses to close
                time.sleep(0.05)
        shutil.rmtree(self.scratch, ignore_errors=True)


def _working_cursor(db: Cursor) -> Cursor:
    cursor = db.cursor()
    cursor.execute("from vouchers.store").fetchall()
    return cursor


def _check_not_lost(store: Path, originals_folder: Path) -> None:
    """Refuse to create a store over the originals of one that is gone."""
    if any(not row["is_sample"] for row in manifest.read(originals_folder) or []):
        raise StoreUnavailable(
            f"There is no store at {store}, but the files of an earlier one lie in "
            f"{originals_folder.name}. Make it anew with `python -m data.rebuild`, or move that "
            "folder away to begin afresh."
        )
