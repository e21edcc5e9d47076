"""Brings Voucher Manager's CSV files into the store: check, stage, type, merge.

Also the command `python -m data.load`; see `--help`.
"""

import argparse
import json
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from data import check
from data.check import Progress, Refused, Survey
from data.store import Store, StoreUnavailable, default_path, script

WOULD_BE_RIGHT = {
    "Code": "A code is missing here. Each row needs one.",
    "Transaction_ID": "A Transaction_ID is missing here. Each row needs one.",
    "Group_Name": "A Group_Name is missing here. Each code needs one.",
    "Aztec_Redemption_Quantity": "This is not a whole number like 1.",
    "Cancelled": "This is neither Yes nor No.",
    "Code Deleted": "This is neither Yes nor No.",
}
NO_DATE = "This is not a date and time like 28/04/2018 00:00 (DD/MM/YYYY HH:MM)."


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


def load(
    store: Store,
    path: Path,
    scope: Scope = Scope(),
    *,
    name: str | None = None,
    is_sample: bool = False,
    progress: Progress = lambda share, doing: None,
) -> Imported:
    """Store all rows of the file at `path`, or, raising Refused, none of them."""
    survey = check.survey(path, lambda share, doing: progress(share * 0.2, doing))
    with store.writing() as cursor:
        with _reported(cursor, progress, 0.2, 0.7, "Reading"):
            _stage(cursor, survey)
        with _reported(cursor, progress, 0.7, 1.0, "Storing"):
            return _merge(cursor, survey, scope, name or path.name, is_sample)


@dataclass(frozen=True)
class Preview:
    """What a file is, before it is imported."""

    kind: str
    rows: int
    groups: list[str]  # at most ten, the most frequent first
    first: datetime | None  # the earliest start, or redemption
    last: datetime | None  # the latest expiry, or redemption
    guess: Scope


def preview(store: Store, path: Path, name: str) -> Preview:
    """Look at a file as the import would, and store nothing. Raises Refused."""
    survey = check.survey(path)
    with store.cursor() as cursor:
        _stage(cursor, survey)
        groups, first, last, folders = script(cursor, f"{survey.kind}/preview")[0]
        _drop_staging(cursor)
    guess = guess_scope(name, folders or [])
    return Preview(survey.kind, survey.rows, groups or [], first, last, guess)


def guess_scope(name: str, folders: Sequence[str] = ()) -> Scope:
    """What a file's name seems to say: codes_batch_1042.csv, transactions_folder_may.csv.

    A folder that is known already is spelled as it is known.
    """
    said = re.search(r"(batch|folder|prefix)[ _-]+([^.(]+)", Path(name).stem, re.IGNORECASE)
    if not said:
        return Scope()
    what, value = said[1].lower(), re.sub(r"[_\s]+", " ", said[2]).strip()
    if what == "prefix":
        return Scope(prefix=value.upper())
    if what == "batch":
        return Scope(batch=value)
    known = {folder.lower(): folder for folder in folders if folder}
    return Scope(folder=known.get(value.lower(), value[:1].upper() + value[1:]))


def clear_sample(store: Store) -> None:
    """Take the sample data out; what real files brought stays."""
    with store.writing() as cursor:
        script(cursor, "clear_sample")
        script(cursor, "refresh")
        cursor.execute("commit")
        _drop_staging(cursor)


def _stage(cursor: duckdb.DuckDBPyConnection, survey: Survey) -> None:
    try:
        script(cursor, f"{survey.kind}/stage", path=str(survey.path))
    except duckdb.Error:
        # The engine's own words quote the row, codes included.
        raise check.wrong_width(survey) or Refused(
            "the rows cannot be told apart: a quote or a comma is out of place. "
            "Export the file again."
        ) from None
    staged, first_problem = cursor.execute(
        "select count(*), min(rowid) filter (problem is not null) from staged"
    ).fetchall()[0]
    if first_problem is not None:
        raise _problem(cursor, survey, first_problem)
    if staged != survey.rows:
        raise check.wrong_width(survey) or Refused(
            f"the file has {survey.rows:,} rows, of which {staged:,} could be read. "
            "Export it again."
        )


def _problem(cursor: duckdb.DuckDBPyConnection, survey: Survey, row: int) -> Refused:
    (column,) = cursor.execute("select problem from staged where rowid = ?", [row]).fetchall()[0]
    reason = WOULD_BE_RIGHT.get(column, NO_DATE)
    return Refused(reason, line=check.line_of(survey, row), column=column)


def _merge(
    cursor: duckdb.DuckDBPyConnection, survey: Survey, scope: Scope, name: str, is_sample: bool
) -> Imported:
    duplicates = _keep_the_last(cursor, survey)
    import_id, last_code_id = cursor.execute(
        "select (select coalesce(max(import_id), 0) + 1 from vouchers.imports),"
        " (select coalesce(max(code_id), 0) from vouchers.codes)"
    ).fetchall()[0]
    script(
        cursor,
        f"{survey.kind}/merge",
        **asdict(scope),
        import_id=import_id,
        last_code_id=last_code_id,
    )
    script(cursor, "refresh")
    new, updated = cursor.execute(
        "select count(*) filter (is_new), count(*) filter (is_changed and not is_new) from incoming"
    ).fetchall()[0]
    imported = Imported(
        name,
        survey.kind,
        survey.rows,
        new,
        updated,
        survey.rows - duplicates - new - updated,
        duplicates,
        import_id,
    )
    _record(cursor, imported, scope, is_sample)
    cursor.execute("commit")
    _drop_staging(cursor)
    return imported


def _keep_the_last(cursor: duckdb.DuckDBPyConnection, survey: Survey) -> int:
    """Of rows with the same key the last one speaks. Returns how many do not."""
    ((keys,),) = script(cursor, f"{survey.kind}/keys")
    if keys < survey.rows:
        script(cursor, f"{survey.kind}/keep_last")
    return survey.rows - int(keys)


def _record(
    cursor: duckdb.DuckDBPyConnection, imported: Imported, scope: Scope, is_sample: bool
) -> None:
    cursor.execute(
        "insert into vouchers.imports by name select unnest($row)",
        {
            "row": asdict(imported)
            | asdict(scope)
            | {"imported_at": datetime.now().replace(microsecond=0), "is_sample": is_sample}
        },
    )


def _drop_staging(cursor: duckdb.DuckDBPyConnection) -> None:
    for table in ("staged", "incoming", "touched"):
        cursor.execute(f"drop table if exists temp.{table}")


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


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 (all stored), 1 (a file was refused) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        store = Store(options.store)
    except StoreUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    scope = Scope(options.folder, options.prefix, options.batch)
    done, refused = [], False
    try:
        if options.clear_sample:
            clear_sample(store)
        for path in options.files:
            try:
                imported = load(store, path, scope)
            except Refused as error:
                print(f"{path.name}: {error} Nothing of this file is stored.", file=sys.stderr)
                refused = True
            else:
                done.append(imported)
                if not options.json:
                    print(_in_words(imported))
    finally:
        store.close()
    if options.json:
        print(json.dumps({"files": [asdict(imported) for imported in done]}, ensure_ascii=False))
    return 1 if refused else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description="Import Voucher Manager's CSV files."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--store", type=Path, default=default_path(), help="the store's file")
    parser.add_argument("--batch", type=_said, help="the batch that the files were exported for")
    parser.add_argument("--folder", type=_said, help="the reporting folder")
    parser.add_argument("--prefix", type=_said, help="the prefix of the codes")
    parser.add_argument(
        "--clear-sample", action="store_true", help="take the sample data out first"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("is blank; leave it out instead")
    return text.strip()


def _in_words(imported: Imported) -> str:
    return (
        f"{imported.file}: {imported.rows:,} {imported.kind}: {imported.new:,} new, "
        f"{imported.updated:,} updated, {imported.unchanged:,} unchanged, "
        f"{imported.duplicates:,} duplicates"
    )


if __name__ == "__main__":
    sys.exit(main())
