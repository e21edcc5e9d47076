"""Writes the chosen rows as files of Voucher Manager, exactly those that a page counts.

The engine writes into a spool file at its own speed; whoever downloads reads from
there at theirs. So a slow reader never holds a snapshot of the store.

Also the command `python -m queries.export`; see `--help`.
"""

import argparse
import contextlib
import os
import re
import shutil
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from queries.filters import PARAMETERS, Filters
from queries.run import HERE, parameters, sql

KINDS = ("codes", "transactions")
MACROS = HERE.parent / "data" / "chosen.sql"
CHUNK = 1024 * 1024


class Failed(Exception):
    """The engine could not write the file; the text says so without quoting a row."""


def write(
    db: duckdb.DuckDBPyConnection,
    kind: str,
    filters: Filters,
    now: datetime,
    file: Path,
    **values: object,
) -> None:
    """Write the chosen codes or transactions to `file`, in the documented format.

    `kind` may be another query `export_<kind>.sql` too, with further values of its own.
    """
    given = {"filters": filters.bound(now), "file": str(file), **values}
    name = f"export_{kind}"
    db.execute(sql(name), {key: given[key] for key in parameters(name)})


def name(kind: str, filters: Filters, today: date) -> str:
    """A file name that says what is in it: codes_email_january-2016_2026-11-23.csv."""
    said = [slug(v) for values in (filters.group, filters.folder, filters.batch)
            for v in values or ()]  # fmt: skip
    middle = "_".join(part for part in said if part)
    while len(middle.encode()) > 90:
        middle = middle[:-1]
    return "_".join(part for part in (kind, middle, today.isoformat()) if part) + ".csv"


class Spool:
    """A file that the engine writes in a thread of its own while others read it."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        kind: str,
        filters: Filters,
        now: datetime,
        directory: Path,
        **values: object,
    ) -> None:
        """Start writing. `db` is a cursor that the spool closes."""
        handle, path = tempfile.mkstemp(prefix="export-", suffix=".csv", dir=directory)
        os.close(handle)
        self._path = Path(path)
        self._file: BinaryIO = self._path.open("rb")
        self._sent = 0
        self._db = db
        self._failed = False
        self._ended = threading.Event()
        self._writer = threading.Thread(
            target=self._write,
            args=(kind, filters, now),
            kwargs=values,
            name="export",
            daemon=True,
        )
        self._writer.start()

    def _write(self, kind: str, filters: Filters, now: datetime, **values: object) -> None:
        try:
            write(self._db, kind, filters, now, self._path, **values)
        except duckdb.Error:
            self._failed = True
        finally:
            self._ended.set()

    def chunk(self) -> bytes:
        """The next bytes, as soon as there are any; none at the end. Raises Failed."""
        while True:
            ended = self._ended.is_set()
            if self._failed:
                raise Failed("The file could not be written. Is the disk full?")
            if data := self._written(ended):
                self._sent += len(data)
                return data
            if ended:
                return b""
            self._ended.wait(0.01)

    def _written(self, ended: bool) -> bytes:
        """What follows what was sent. The engine's threads write their parts of the file where
        they belong, so there are holes until it has ended: zero bytes, which no code has.
        """
        self._file.seek(self._sent)
        data = self._file.read(CHUNK)
        hole = -1 if ended else data.find(b"\0")
        return data if hole < 0 else data[:hole]

    def close(self) -> None:
        """Stop the engine if it still writes, and delete the spool."""
        while not self._ended.is_set():
            self._db.interrupt()
            self._ended.wait(0.05)
        self._db.close()
        self._file.close()
        self._path.unlink(missing_ok=True)


def slug(text: str) -> str:
    """The text as part of a file name that is safe everywhere."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 (written), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        with _open(options.store) as db:
            _write_out(db, options.kind, options.filters, options.output)
    except duckdb.Error as error:
        print(_reason(options.store, error), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has had enough, as in `| head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - or Python complains at exit
        return 0
    except OSError as error:
        print(f"The file cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m queries.export",
        description="Write the chosen codes or transactions as a CSV file.",
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--store", type=Path, default=_default_store(), help="the store's file")
    parser.add_argument("-o", "--output", type=Path, help="the file; standard output without it")
    for parameter in PARAMETERS:
        parser.add_argument(f"--{parameter}", action="append", default=[], metavar="VALUE",
                            help="as in the address of a page")  # fmt: skip
    options = parser.parse_args(arguments)
    pairs = [(name, value) for name in PARAMETERS for value in vars(options)[name]]
    options.filters, problems = Filters.from_query(pairs)
    if problems:
        parser.error(" ".join(problems))
    return options


def _default_store() -> Path:
    return Path(os.environ.get("VOUCHERS_STORE") or MACROS.with_name("vouchers.duckdb"))


def _open(store: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("attach ? as vouchers (read_only)", [str(store)])
    db.execute(MACROS.read_text("utf-8"))
    return db


def _write_out(
    db: duckdb.DuckDBPyConnection, kind: str, filters: Filters, output: Path | None
) -> None:
    """Through a file beside the output, so that no short file ever looks whole."""
    is_file = output is not None and (output.is_file() or not output.exists())
    beside = output.resolve().parent if output and is_file else Path(tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix=".export-", dir=beside) as directory:
        part = Path(directory) / "part.csv"
        write(db, kind, filters, datetime.now(), part)
        if output and is_file:
            part.replace(output.resolve())
            return
        with part.open("rb") as file, _opened(output) as target:
            shutil.copyfileobj(file, target, CHUNK)
            target.flush()


def _opened(output: Path | None) -> contextlib.AbstractContextManager[BinaryIO]:
    """A pipe or a device is written into, not replaced; without a name: standard output."""
    return output.open("wb") if output else contextlib.nullcontext(sys.stdout.buffer)


def _reason(store: Path, error: duckdb.Error) -> str:
    if not store.exists():
        return f"There is no store at {store}. Name another one with --store."
    if "lock" in str(error).lower():
        return (
            f"{store} is in use by another process: most likely Voucher Explorer is running. "
            "Download from its pages, or stop it first."
        )
    if isinstance(error, duckdb.IOException):
        return f"{store} cannot be read, or the file cannot be written."
    return f"{store} is not a store of Voucher Explorer."


if __name__ == "__main__":
    sys.exit(main())
