"""What the store held of one code at an earlier time, made again from the kept originals."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from data import originals, totals
from data.check import Progress, Refused, Survey
from data.load import UTF8, as_pattern, drop_staging
from data.script import script
from data.store import Store
from data.undo import merge_again, opened_again

MANY = 20  # texts that are worth looking for in a file; beyond that it is read at once

Import = dict[str, Any]


class Unknown(Exception):
    """What the store held then cannot be said; the text says why."""


class Source(NamedTuple):
    """A file that one or several imports brought, and how it was read."""

    sha256: str
    encoding: str
    kind: str


@contextmanager
def traced(
    store: Store,
    code: str,
    states: Iterable[Sequence[Import]],
    progress: Progress = lambda share, doing: None,
) -> Iterator["Trace"]:
    """What `store` held of `code` when each of the states, lists of imports, was in force."""
    with tempfile.TemporaryDirectory(prefix="trace-", dir=store.scratch) as folder:
        # Without originals of its own: what has gone from a folder is nobody's question here.
        small = Store(Path(folder) / "vouchers.duckdb", originals=Path(folder) / "none")
        try:
            trace = Trace(small, store.originals, code)
            trace.look({_source(row): row for state in states for row in state}, progress)
            yield trace
        finally:
            small.close()


class Trace:
    """A small store with nothing but the rows that one code depends on.

    Those are the rows of the code, and of each transaction that ever named it.
    """

    def __init__(self, store: Store, folder: Path, code: str) -> None:
        """`store` is empty, `folder` has the originals."""
        self._store = store
        self._folder = folder
        self._code = code
        self._unreadable: set[Source] = set()
        self._kept: set[Source] = set()

    def look(self, sources: dict[Source, Import], progress: Progress) -> None:
        """Read each file once, and those of transactions again if they may name others' rows."""
        total = sum(2 if source.kind == "transactions" else 1 for source in sources)
        for number, (source, row) in enumerate(sources.items()):
            progress(number / total, f"Looking through {row['file']}")
            self._keep(source, row, [self._code], [])
        known = self._ids()
        every = set().union(*known.values())
        again = [source for source in sources if source.kind == "transactions"]
        for number, source in enumerate(again, len(sources)):
            progress(number / total, f"Looking again through {sources[source]['file']}")
            if ids := sorted(every - known.get(source, set())):
                self._keep(source, sources[source], ids, ids)

    def relevant(self, imports: Sequence[Import]) -> list[Import]:
        """Those of the imports that had a say in the code. Raises Unknown."""
        lost = [
            f"{row['file']} (import {row['import_id']})"
            for row in imports
            if _source(row) in self._unreadable
        ]
        if lost:
            raise Unknown(f"the kept original of {', '.join(lost)} is gone or damaged")
        return [row for row in imports if _source(row) in self._kept]

    def as_of(self, imports: Sequence[Import]) -> duckdb.DuckDBPyConnection:
        """Make the small store what it was with these imports; returns a cursor to ask it."""
        with self._store.writing() as cursor:
            script(cursor, "empty")
            cursor.execute("delete from vouchers.imports")
            for row in imports:
                source = _source(row)
                script(cursor, f"{row['kind']}/stage_kept", source=repr(source))
                ((rows,),) = cursor.execute("select count(*) from staged").fetchall()
                survey = Survey(self._folder, row["kind"], rows, bytes=0, plain=True)
                merge_again(self._store, cursor, survey, row)
            totals.recount(cursor)
        return self._store.cursor()

    def _keep(self, source: Source, row: Import, texts: list[str], ids: list[str]) -> None:
        """Keep the rows that matter of a file in which one of the texts stands."""
        written = [found for text in texts if (found := _written(text, source.encoding))]
        if source in self._unreadable or not written:
            return
        try:
            if len(texts) <= MANY and not originals.mentions(self._folder, source.sha256, written):
                return
            with (
                opened_again(self._store, self._folder, row) as readable,
                self._store.cursor() as cursor,
            ):
                script(cursor, f"{source.kind}/stage", path=as_pattern(readable))
                values = {"source": repr(source), "code": self._code, "ids": ids}
                ((kept,),) = script(cursor, f"{source.kind}/keep_only", **values)
                drop_staging(cursor)
        except (Refused, duckdb.Error):
            self._unreadable.add(source)
            return
        if kept:
            self._kept.add(source)

    def _ids(self) -> dict[Source, set[str]]:
        """The transactions that name the code, by the file that says so."""
        kept = [source for source in self._kept if source.kind == "transactions"]
        with self._store.cursor() as cursor:
            return {
                source: {
                    transaction_id
                    for (transaction_id,) in script(
                        cursor, "transactions/kept_ids", source=repr(source)
                    )
                }
                for source in kept
            }


def _source(row: Import) -> Source:
    return Source(row["sha256"], row.get("encoding", UTF8), row["kind"])


def _written(text: str, encoding: str) -> bytes | None:
    """The text as it stands in a file, or None where no such file can have it."""
    try:
        return text.replace('"', '""').encode(encoding)
    except UnicodeEncodeError:
        return None
