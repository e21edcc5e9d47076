"""Brings Voucher Manager's CSV files into the store: check, stage, type, merge.

Also the command `python -m data.load`; see `--help`.
"""

import contextlib
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data import check, explain, manifest, originals, totals
from data.check import Progress, Refused, Survey
from data.script import script
from data.store import Store

UTF8 = "utf-8"
GLOB = re.compile(r"([*?\[])")
ROOM = 256 * 1024 * 1024  # bytes that stay free for everybody else


@dataclass(frozen=True)
class Scope:
    """What the person who imports a file says of it; None says nothing."""

    folder: str | None = None
    prefix: str | None = None
    batch: str | None = None


@dataclass(frozen=True)
class Imported:
    """One file's import. rows = new + updated + unchanged + duplicates."""

    file: str
    kind: str
    rows: int
    new: int
    updated: int
    unchanged: int
    duplicates: int
    import_id: int
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def as_row(self) -> dict[str, Any]:
        """What the contract's --json says, and the imports table keeps."""
        return {name: value for name, value in asdict(self).items() if name != "warnings"}


@dataclass(frozen=True)
class Preview:
    """What a file is, before it is imported."""

    kind: str
    rows: int
    groups: list[str]  # at most ten, the most frequent first
    first: datetime | None  # the earliest start, or redemption
    last: datetime | None  # the latest expiry, or redemption
    guess: Scope


class Stopped(Refused):
    """Somebody stopped the import."""

    def __init__(self) -> None:
        super().__init__("the import was stopped.")


class Stop:
    """Lets somebody else stop an import: `press` it from any thread."""

    def __init__(self) -> None:
        self._pressed = threading.Event()

    @property
    def is_pressed(self) -> bool:
        """Whether somebody wants it to stop."""
        return self._pressed.is_set()

    def press(self) -> None:
        """Stop as soon as possible; nothing of the file is stored."""
        self._pressed.set()

    def check(self) -> None:
        """Raise Stopped if it was pressed."""
        if self._pressed.is_set():
            raise Stopped

    @contextmanager
    def watching(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Let `press` reach the engine too while the block runs."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                if self._pressed.is_set():  # again and again: one may fall between statements
                    cursor.interrupt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            self.check()
            yield
            self.check()
        except duckdb.InterruptException:
            raise Stopped from None
        finally:
            over.set()
            watcher.join()


def load(
    store: Store,
    path: Path,
    scope: Scope = Scope(),
    *,
    name: str | None = None,
    encoding: str = UTF8,
    is_sample: bool = False,
    progress: Progress = lambda share, doing: None,
    stop: Stop | None = None,
) -> Imported:
    """Store all rows of the file at `path`, or, raising Refused, none of them.

    `encoding` is "utf-8" or "windows-1252". `progress` gets a share from 0 to 1 and what is
    being done. Raises StoreUnavailable where the store cannot be opened.
    """
    stop = stop or Stop()
    _check_room(store, path)
    with as_utf8(store, path, encoding) as readable, ThreadPoolExecutor(1) as pool:
        before = path.stat()

        def surveyed(share: float, doing: str) -> None:
            stop.check()
            progress(share * 0.2, doing)

        kept = pool.submit(originals.keep, store.originals, path, lambda *_: stop.check())
        try:
            survey = check.survey(readable, surveyed)
        except Refused:
            _forget(store, kept)
            raise
        facts = {
            "file": name or path.name,
            "is_sample": is_sample,
            "bytes": before.st_size,
            "encoding": encoding,
            "imported_at": datetime.now().replace(microsecond=0),
        }

        def merged() -> Imported:
            with store.writing() as cursor, stop.watching(cursor):
                with _reported(cursor, progress, 0.2, 0.6, "Reading"):
                    stage(cursor, survey)
                with _reported(cursor, progress, 0.6, 1.0, "Storing"):
                    facts["sha256"] = kept.result()
                    imported = merge(store, cursor, survey, scope, facts)
                _check_unchanged(path, before)
                stop.check()
            return imported

        try:
            imported = store.persistently(merged)
        except Refused as refused:
            _forget(store, kept)
            if not isinstance(refused, Stopped):
                _check_unchanged(path, before)  # the better reason
            raise
        except duckdb.Error as error:
            _forget(store, kept)
            raise _not_stored(error) from None
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)
    return imported


def load_together(store: Store, files: Sequence[tuple[Path, Scope]]) -> None:
    """Store sample files in an empty store, all of them or, raising Refused, none."""
    with said_plainly(), store.writing() as cursor:
        for number, (path, scope) in enumerate(files, start=1):
            survey = check.survey(path)
            stage(cursor, survey)
            facts = {
                "file": path.name,
                "is_sample": True,
                "bytes": path.stat().st_size,
                "encoding": UTF8,
                "imported_at": datetime.now().replace(microsecond=0),
                "sha256": originals.keep(store.originals, path),
            }
            merge(store, cursor, survey, scope, facts, import_id=number)
        totals.recount(cursor)
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)


def preview(store: Store, path: Path, name: str, encoding: str = UTF8) -> Preview:
    """Look at a file as the import would, and store nothing. Raises Refused."""
    with as_utf8(store, path, encoding) as readable:
        survey = check.survey(readable)
        with said_plainly(), store.cursor() as cursor:
            stage(cursor, survey)
            groups, first, last, folders = script(cursor, f"{survey.kind}/preview")[0]
            drop_staging(cursor)
    guess = guess_scope(name, folders or [])
    return Preview(survey.kind, survey.rows, groups or [], first, last, guess)


def guess_scope(name: str, folders: Sequence[str] = ()) -> Scope:
    """What a file's name seems to say: codes_batch_1042.csv, transactions_folder_may.csv.

    A folder that is known already is spelled as it is known.
    """
    said = re.search(r"(batch|folder|prefix)[ _-]+([^.(]+)", Path(name).stem, re.IGNORECASE)
    what, value = (said[1].lower(), re.sub(r"[_\s]+", " ", said[2]).strip()) if said else ("", "")
    if not value:
        return Scope()
    if what == "prefix":
        return Scope(prefix=value.upper())
    if what == "batch":
        return Scope(batch=value)
    known = {folder.lower(): folder for folder in folders if folder}
    return Scope(folder=known.get(value.lower(), value[:1].upper() + value[1:]))


def stage(cursor: duckdb.DuckDBPyConnection, survey: Survey) -> None:
    """Read the file into the temporary table `staged`, typed. Raises Refused."""
    try:
        script(cursor, f"{survey.kind}/stage", path=as_pattern(survey.path))
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # The engine's own words quote the row, codes included.
        raise check.wrong_width(survey) or Refused(
            "the rows cannot be told apart: a quote or a comma is out of place. "
            "Export the file again."
        ) from None
    staged, column, row = cursor.execute(
        "select count(*), arg_min(problem, rowid), row_of(min(rowid) filter (problem is not null))"
        " from staged"
    ).fetchall()[0]
    if column is not None:
        line, text = check.field_of(survey, row, column)
        raise Refused(explain.problem(column, text), line=line, column=column)
    if staged != survey.rows:
        raise check.wrong_width(survey) or Refused(
            f"the file has {survey.rows:,} rows, of which {staged:,} could be read. "
            "Export it again."
        )


def merge(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    survey: Survey,
    scope: Scope,
    facts: dict[str, Any],
    import_id: int | None = None,
) -> Imported:
    """Bring the staged rows into the tables, and write the import down. Raises Refused.

    With an `import_id` it is one of several that are brought in together. Their caller makes
    the totals when all are in.
    """
    duplicates, warnings = _keep_the_last(cursor, survey)
    warnings += script(cursor, f"{survey.kind}/warnings")
    last_import, last_code_id = cursor.execute(
        "select (select coalesce(max(import_id), 0) from vouchers.imports),"
        " (select coalesce(max(code_id), 0) from vouchers.codes)"
    ).fetchall()[0]
    is_alone = import_id is None
    import_id = import_id or last_import + 1
    values = asdict(scope) | {"import_id": import_id, "last_code_id": last_code_id}
    values |= {"file": facts["file"]}
    script(cursor, f"{survey.kind}/meet", **values)
    if is_alone:
        _check_zeros(cursor, survey)
    if survey.kind == "codes":
        _find_gone(store, cursor, values)
    script(cursor, f"{survey.kind}/touched")
    with totals.kept(cursor, import_id) if is_alone else nullcontext():
        script(cursor, f"{survey.kind}/merge", **values)
        script(cursor, "refresh", **values)
    new, updated, only_group = script(cursor, "outcome")[0]
    unchanged = survey.rows - duplicates - new - updated
    imported = Imported(
        *(facts["file"], survey.kind, survey.rows, new, updated, unchanged, duplicates, import_id),
        warnings=_write_warnings(cursor, survey, import_id, warnings),
    )
    row = imported.as_row() | asdict(scope) | facts | {"only_group": only_group}
    cursor.execute("insert into vouchers.imports by name select unnest($row)", {"row": row})
    drop_staging(cursor)
    return imported


def as_pattern(path: Path) -> str:
    """The path as the engine takes one: without this it would read what looks alike."""
    return GLOB.sub(r"[\1]", str(path))


def drop_staging(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give the temporary tables' memory back."""
    for table in ("staged", "incoming", "touched", "touched_keys", "said", *totals.TEMPORARY):
        cursor.execute(f"drop table if exists temp.{table}")


def _find_gone(store: Store, cursor: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> None:
    """Write down which codes the last file of the same scope held and this one does not."""
    for sha256, encoding in script(cursor, "codes/previous", **values):
        before = store.scratch / f"before-{values['import_id']}.csv"
        try:
            originals.put_back(store.originals, sha256, before)
            with as_utf8(store, before, encoding) as readable:
                script(cursor, "codes/gone", **values, path=as_pattern(readable))
        except Refused:
            pass  # without the old file nobody can say; the import is no worse for it
        finally:
            before.unlink(missing_ok=True)


def _check_zeros(cursor: duckdb.DuckDBPyConnection, survey: Survey) -> None:
    first, _ = script(cursor, f"{survey.kind}/lost_zeros")[0]
    if first is not None:
        raise Refused(
            "this code of digits is known with leading zeros, which a spreadsheet has dropped. "
            + explain.FROM_A_SPREADSHEET,
            line=check.line_of(survey, first),
            column="Code",
        )


def _keep_the_last(
    cursor: duckdb.DuckDBPyConnection, survey: Survey
) -> tuple[int, list[tuple[Any, ...]]]:
    """Of rows with the same key the last one speaks. Returns how many do not, and a warning."""
    ((keys,),) = script(cursor, f"{survey.kind}/keys")
    if keys == survey.rows:
        return 0, []
    overruled = script(cursor, f"{survey.kind}/overruled")
    script(cursor, f"{survey.kind}/keep_last")
    return survey.rows - int(keys), [warning for warning in overruled if warning[1]]


def _write_warnings(
    cursor: duckdb.DuckDBPyConnection,
    survey: Survey,
    import_id: int,
    found: list[tuple[Any, ...]],
) -> tuple[str, ...]:
    """Keep what was odd, with lines instead of rows; returns the sentences."""
    found = found + script(cursor, "gone", import_id=import_id)
    line = check.lines_of(survey, {row for _, _, rows, _ in found for row in rows})
    said = []
    for kind, rows, first_rows, detail in found:
        lines = [line[row] for row in first_rows]
        cursor.execute(
            "insert into vouchers.warnings values (?, ?, ?, ?, ?)",
            [import_id, kind, rows, lines, detail],
        )
        said.append(explain.warning(kind, rows, lines, detail))
    return tuple(said)


@contextmanager
def as_utf8(store: Store, path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a copy of it in UTF-8 for as long as the block runs."""
    if encoding == UTF8:
        yield path
        return
    copy = store.scratch / f"{threading.get_ident()}.utf8"
    try:
        with (
            path.open(encoding=encoding, newline="") as file,
            copy.open("w", encoding=UTF8, newline="") as target,
        ):
            shutil.copyfileobj(file, target, check.BLOCK)
        yield copy
    except OSError as error:
        raise check.unreadable(error) from None
    except UnicodeDecodeError:
        raise Refused("the file is not Windows-1252 text either. Save it as UTF-8.") from None
    finally:
        copy.unlink(missing_ok=True)


def _check_room(store: Store, path: Path) -> None:
    """The rows take less than the file does; staging and the kept original as much again."""
    try:
        needed = 2 * path.stat().st_size + ROOM
    except OSError as error:
        raise check.unreadable(error) from None
    free = shutil.disk_usage(store.path.parent).free
    if free < needed:
        raise Refused(
            f"the disk has {free / 1e9:.1f} GB free, and this import may need "
            f"{needed / 1e9:.1f} GB. Make room first."
        )


def _check_unchanged(path: Path, before: os.stat_result) -> None:
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Refused(
            "the file changed while it was read: the export or the download was not "
            "finished. Import it again when it is."
        )


def _forget(store: Store, kept: Future[str]) -> None:
    """Take away the kept original of a file that was not stored, unless an import names it."""
    with contextlib.suppress(Exception):
        sha256 = kept.result()
        with store.cursor() as cursor:
            named = cursor.execute(
                "select count(*) from vouchers.imports where sha256 = ?", [sha256]
            ).fetchall()
        if named == [(0,)]:
            originals.original(store.originals, sha256).unlink(missing_ok=True)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Errors of the engine as Refused: its own words may quote a row."""
    try:
        yield
    except duckdb.Error as error:
        raise _not_stored(error) from None


def _not_stored(error: duckdb.Error) -> Refused:
    """The engine's own words may quote a row, so only their kind is told."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return Refused("there is not enough memory or disk for this import.")
    if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.TransactionException):
        return Refused("the disk is full or cannot be written. Make room and import it again.")
    return Refused(
        f"the store could not be read or written ({type(error).__name__}): it may be damaged. "
        "`python -m data.rebuild` makes it anew from the kept files."
    )


@contextmanager
def _reported(
    cursor: duckdb.DuckDBPyConnection, progress: Progress, low: float, high: float, doing: str
) -> Iterator[None]:
    """Tell `progress` how far the engine is while the block runs."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            share = max(0.0, cursor.query_progress()) / 100
            progress(low + (high - low) * min(share, 1.0), doing)

    progress(low, doing)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    progress(high, doing)


if __name__ == "__main__":
    from data.command import main

    sys.exit(main())
