"""What the store held of one code at an earlier time, replayed from the originals."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from data.importing.csv_file import Survey
from data.importing.input_file import UTF8
from data.importing.stage import ANY_LENGTH, drop_staging, file_columns
from data.replay.replay import apply_staged, original
from data.store import originals, totals
from data.store.database import Store
from data.store.errors import EngineError, Refused
from data.store.manifest import ImportRow
from data.store.progress import Progress, ignore_progress
from data.store.sql import Cursor, literal_path, run_script

MANY = 20  # texts: with more of them, a file is staged without a search for them first


class Unknown(Exception):
    """What the store held then cannot be known; the text says why."""


class Source(NamedTuple):
    """A file that one or several imports brought, and how it was read."""

    sha256: str
    encoding: str
    kind: str


@contextmanager
def traced(
    store: Store,
    code: str,
    import_lists: Iterable[Sequence[ImportRow]],
    progress: Progress = ignore_progress,
) -> Iterator["Trace"]:
    """A Trace of `code` in `store`, over all the imports that the lists name."""
    with tempfile.TemporaryDirectory(prefix="trace-", dir=store.scratch) as folder:
        # An empty folder of originals: a trace compares no file with its previous one.
        small = Store(
            Path(folder) / "vouchers.duckdb", originals_folder=Path(folder) / "none", engine=""
        )
        try:
            trace = Trace(small, store.originals, code)
            trace.read({_source(row): row for rows in import_lists for row in rows}, progress)
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
        self._relevant: set[Source] = set()

    def read(self, sources: dict[Source, ImportRow], progress: Progress) -> None:
        """Keep the relevant rows of each file.

        Files of transactions are read a second time, for the transactions that name the code
        only in other files.
        """
        total = sum(2 if source.kind == "transactions" else 1 for source in sources)
        for number, (source, row) in enumerate(sources.items()):
            progress(number / total, f"Looking through {row['file']}")
            self._keep(source, row, [self._code], [])
        known = self._ids()
        every = set().union(*known.values())
        second = [source for source in sources if source.kind == "transactions"]
        for number, source in enumerate(second, len(sources)):
            progress(number / total, f"Looking again through {sources[source]['file']}")
            if ids := sorted(every - known.get(source, set())):
                self._keep(source, sources[source], ids, ids)

    def relevant(self, imports: Sequence[ImportRow]) -> list[ImportRow]:
        """Those of the imports whose files have relevant rows. Raises Unknown."""
        lost = [
            f"{row['file']} (import {row['import_id']})"
            for row in imports
            if _source(row) in self._unreadable
        ]
        if lost:
            raise Unknown(f"the kept original of {', '.join(lost)} is gone or damaged")
        return [row for row in imports if _source(row) in self._relevant]

    def as_of(self, imports: Sequence[ImportRow]) -> Cursor:
        """Replay these imports in the small store. Returns a cursor for queries of it."""
        with self._store.writing() as cursor:
            run_script(cursor, "replay/empty")
            cursor.execute("delete from vouchers.imports")
            for row in imports:
                source = repr(_source(row))
                run_script(cursor, f"replay/{row['kind']}/2_stage", source=source)
                run_script(cursor, "importing/number_rows")
                ((rows,),) = cursor.execute("select count(*) from staged").fetchall()
                survey = Survey(self._folder, row["kind"], rows, bytes=0, plain=True)
                apply_staged(self._store, cursor, survey, row)
            totals.recount(cursor)
        return self._store.cursor()

    def _keep(self, source: Source, row: ImportRow, texts: list[str], ids: list[str]) -> None:
        """Keep the relevant rows of a file in which one of the texts stands."""
        encoded = [found for text in texts if (found := _encoded(text, source.encoding))]
        if source in self._unreadable or not encoded:
            return
        try:
            if len(texts) <= MANY and not originals.contains(self._folder, source.sha256, encoded):
                return
            with (
                original(self._store, self._folder, row) as readable,
                literal_path(readable) as path,
                self._store.cursor() as cursor,
            ):
                run_script(
                    cursor,
                    f"importing/{source.kind}/1_stage",
                    path=path,
                    columns=file_columns(source.kind),
                    longest=ANY_LENGTH,
                )
                run_script(cursor, "importing/number_rows")
                values = {"source": repr(source), "code": self._code, "ids": ids}
                ((rows,),) = run_script(cursor, f"replay/{source.kind}/1_keep", **values)
                drop_staging(cursor)
        except (Refused, EngineError):
            self._unreadable.add(source)
            return
        if rows:
            self._relevant.add(source)

    def _ids(self) -> dict[Source, set[str]]:
        """The IDs of the transactions that name the code, by the file that brought them."""
        relevant = [source for source in self._relevant if source.kind == "transactions"]
        with self._store.cursor() as cursor:
            return {
                source: {
                    transaction_id
                    for (transaction_id,) in run_script(
                        cursor, "replay/transactions/kept_ids", source=repr(source)
                    )
                }
                for source in relevant
            }


def _source(row: ImportRow) -> Source:
    return Source(row["sha256"], row.get("encoding", UTF8), row["kind"])


def _encoded(text: str, encoding: str) -> bytes | None:
    """The text as it stands in a file, or None where no file of this encoding can hold it."""
    try:
        return text.replace('"', '""').encode(encoding)
    except UnicodeEncodeError:
        return None
