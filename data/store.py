"""Opens and owns the store: one DuckDB file, one process.

The tables live in the file, attached as `vouchers`; the macros live in memory
beside it, so that they are never older than the code.
"""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from data import manifest, totals
from data.script import HERE, script

Written = TypeVar("Written")
DEFAULT = HERE / "vouchers.duckdb"
SCHEMA_VERSION = 3  # 1: without totals; 2: totals of very many kinds could be missing


class StoreUnavailable(Exception):
    """The store cannot be opened; the text says why and what to do."""


class StoreBusy(StoreUnavailable):
    """Another process owns the store."""


def default_path() -> Path:
    """Where the store is, unless someone says otherwise: `VOUCHERS_STORE`."""
    return Path(os.environ.get("VOUCHERS_STORE") or DEFAULT)


def originals_of(store: Path) -> Path:
    """The folder where the imported files of a store are kept."""
    return store.resolve().with_name(store.stem + ".originals")


def owned_by_nobody(path: Path) -> None:
    """Raise StoreBusy if another process has the store open. A damaged one is nobody's."""
    if path.exists():
        with contextlib.suppress(duckdb.Error), duckdb.connect() as db:
            try:
                db.execute("attach ? as vouchers", [str(path)])
            except duckdb.IOException as error:
                if isinstance(unavailable := _unavailable(path, error, False), StoreBusy):
                    raise unavailable from None


def _check_bereft(store: Path, originals: Path) -> None:
    """Where a store is gone but its files are kept, a new one would be written over them."""
    if any(not row["is_sample"] for row in manifest.read(originals) or []):
        raise StoreUnavailable(
            f"There is no store at {store}, but the files of an earlier one lie in "
            f"{originals.name}. Make it anew with `python -m data.rebuild`, or move that "
            "folder away to begin afresh."
        )


class Store:
    """An open store. Every task takes a cursor of its own."""

    def __init__(self, path: Path, originals: Path | None = None) -> None:
        """Open the store at `path`, made empty if there is none. Raises StoreUnavailable.

        `originals` is the folder of the imported files, beside the store without it.
        """
        self.path = path.resolve()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.scratch = self.path.with_name(self.path.name + ".scratch")
        self.originals = originals or originals_of(self.path)
        self.is_new = _is_new(self.path)
        if self.is_new and originals is None:
            _check_bereft(self.path, self.originals)
        self._db = _connect(self.path, self.scratch)
        shutil.rmtree(self.scratch, ignore_errors=True)  # what a killed process left
        self.scratch.mkdir()
        self.originals.mkdir(exist_ok=True)
        for part in self.originals.glob(".*.part"):
            part.unlink(missing_ok=True)
        self._opening = threading.Lock()
        self._write_lock = threading.Lock()
        self._version = 0
        self._is_doubtful = False
        if originals is None:
            manifest.write(self._db, self.originals)  # a kill may have come before it

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one task. Close it. Raises StoreUnavailable."""
        with self._opening:
            try:
                return _alive(self._db)
            except duckdb.Error:
                # A checkpoint failed (disk full, most likely): the engine gives the file up
                # for the whole process until it is opened again.
                self._db.close()
                self._db = _connect(self.path, self.scratch)
                self._version += 1
                self._is_doubtful = False
                return _alive(self._db)

    @property
    def version(self) -> int:
        """Another number after every change of the data."""
        return self._version

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The one cursor that may write, in one transaction: all of the block or nothing."""
        with self._write_lock, self.cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield cursor
                # Also before, so that two questions within one version saw the same data.
                self._version += 1
                self._is_doubtful = True
                cursor.execute("commit")
                self._is_doubtful = False
            except BaseException:
                with contextlib.suppress(duckdb.Error):  # the engine may have done it already
                    cursor.execute("rollback")
                raise
            self._version += 1
            # What is committed is safe without it; cursor() mends what a failure breaks.
            with contextlib.suppress(duckdb.Error):
                cursor.execute("checkpoint vouchers")

    def persistently(self, write: Callable[[], Written]) -> Written:
        """What `write` returns, which uses writing(). It may be called twice.

        DuckDB 2.0.0 may keep rows in memory of a commit that failed on a full disk. Nobody sees
        them, but the next commit stumbles over them: then the engine gives the file up, cursor()
        opens it again, and all is well.
        """
        was_doubtful = self._is_doubtful
        try:
            return write()
        except duckdb.Error:
            if not was_doubtful:
                raise
        return write()

    def close(self) -> None:
        """Give the file back to other processes, as soon as the last question is answered."""
        for _ in range(100):
            try:
                self._db.close()
                break
            except duckdb.Error:  # a connection that is being asked refuses to close
                time.sleep(0.05)
        shutil.rmtree(self.scratch, ignore_errors=True)


def _alive(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    cursor = db.cursor()
    cursor.execute("from vouchers.store").fetchall()
    return cursor


def _connect(path: Path, scratch: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect(
        config={
            "memory_limit": os.environ.get("VOUCHERS_MEMORY", "4GB"),
            "temp_directory": str(scratch / "spill"),
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        }
    )
    is_new = _is_new(path)
    try:
        if is_new:
            _make(db, path)
        db.execute("attach ? as vouchers", [str(path)])
        _check(db, path)
        is_old = _version(db) < SCHEMA_VERSION
        if is_old:
            script(db, "version_2")
            script(db, "schema")
        script(db, "typing")
        script(db, "chosen")
        script(db, "chosen_totals")
        if is_old:
            _count_totals(db)
    except (duckdb.Error, OSError) as error:
        db.close()
        raise _unavailable(path, error, is_new) from None
    except StoreUnavailable:
        db.close()
        raise
    return db


def _is_new(path: Path) -> bool:
    """Whether there is no store yet. An empty file is none."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def _make(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A new store, under another name until it is whole: a kill leaves none that is half made."""
    made = path.with_name(path.name + ".new")
    made.unlink(missing_ok=True)
    made.with_name(made.name + ".wal").unlink(missing_ok=True)
    db.execute("attach ? as vouchers", [str(made)])
    script(db, "schema")
    db.execute("insert into vouchers.store values (?)", [SCHEMA_VERSION])
    db.execute("checkpoint vouchers")
    db.execute("detach vouchers")
    made.replace(path)


def _version(db: duckdb.DuckDBPyConnection) -> int:
    ((version,),) = db.execute("from vouchers.store").fetchall()
    return int(version)


def _count_totals(db: duckdb.DuckDBPyConnection) -> None:
    """What an older store does not have, or not whole."""
    with db.cursor() as cursor:
        cursor.execute("begin transaction")
        totals.recount(cursor)
        cursor.execute("update vouchers.store set schema_version = ?", [SCHEMA_VERSION])
        cursor.execute("commit")
    db.execute("checkpoint vouchers")


def _check(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """See that a store is one of ours. Changes nothing."""
    tables = db.execute(
        "select table_name from duckdb_tables() where database_name = 'vouchers'"
    ).fetchall()
    if ("store",) not in tables:
        raise StoreUnavailable(
            f"{path} is a database, but not one that Voucher Explorer made. "
            "Name another file with VOUCHERS_STORE or --store."
        )
    if not 1 <= _version(db) <= SCHEMA_VERSION:
        raise StoreUnavailable(
            f"{path} was written by another version of Voucher Explorer. Update it, or make the "
            "store anew with `python -m data.rebuild`."
        )


def _unavailable(path: Path, error: Exception, is_new: bool) -> StoreUnavailable:
    text = str(error).replace(str(path), "")
    if "set lock on file" in text or "already opened" in text:
        return StoreBusy(
            f"{path} is in use by another process: most likely Voucher Explorer is running. "
            "Import on its Imports page, or stop it first."
        )
    if "storage version number" in text or "version number" in text:
        return StoreUnavailable(
            f"{path} was written by a newer version of DuckDB. "
            "Update Voucher Explorer, or name another store with VOUCHERS_STORE."
        )
    if is_new:
        return StoreUnavailable(
            f"{path} cannot be made: the disk is full or the folder cannot be written."
        )
    return StoreUnavailable(
        f"{path} cannot be opened as a store: it is damaged or not a DuckDB file. Make it anew "
        "with `python -m data.rebuild`, put back a copy of it, or name another store with "
        "VOUCHERS_STORE."
    )
