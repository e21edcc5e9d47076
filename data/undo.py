"""Takes imports back, and makes a store anew, by bringing the kept originals in again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data import check, manifest, originals, totals
from data.check import Progress, Refused, Survey
from data.load import UTF8, Scope, as_utf8, merge, said_plainly, stage
from data.script import script
from data.store import Store

FACTS = ("file", "is_sample", "bytes", "encoding", "imported_at", "sha256")


def undo(
    store: Store, import_ids: set[int], progress: Progress = lambda share, doing: None
) -> None:
    """Take imports back: the store then holds what it would hold without them.

    All others are brought in again from their originals, in one transaction, so that it does
    not matter which later import touched the same rows. Raises Refused.
    """
    with said_plainly(), store.writing() as cursor:
        _take_back(store, cursor, import_ids, progress)
    _write_manifest(store)


def clear_sample(store: Store) -> None:
    """Take the sample data out; what real files brought stays.

    Its imports stay in the table as taken back, so that no other import gets their IDs.
    """
    with said_plainly(), store.writing() as cursor:
        imports = manifest.imports(cursor)
        sample = {r["import_id"] for r in imports if r["is_sample"] and not r["undone_at"]}
        if sample:
            _take_back(store, cursor, sample, lambda share, doing: None)
    _write_manifest(store)


def rebuild(folder: Path, target: Path, progress: Progress = lambda share, doing: None) -> Store:
    """Make a new store at `target` from the originals and the manifest in `folder`.

    Raises Refused where one of them is gone, and leaves no half store behind.
    """
    imports = manifest.read(folder)
    if imports is None:
        raise Refused(f"there is no list of imports ({manifest.NAME}) in {folder.name}.")
    if target.exists():
        raise Refused(f"{target} is there already. Name another file.")
    store = Store(target, originals=folder)
    try:
        with said_plainly(), store.writing() as cursor:
            for number, row in enumerate(imports):
                progress(number / len(imports), f"Bringing in {row['file']}")
                if row["undone_at"]:
                    _write_down(cursor, row)
                else:
                    _again(store, cursor, row)
            totals.recount(cursor)
    except BaseException:
        store.close()
        target.unlink(missing_ok=True)
        raise
    return store


def _take_back(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    import_ids: set[int],
    progress: Progress,
) -> None:
    imports = manifest.imports(cursor)
    stay = [row for row in imports if row["import_id"] not in import_ids and not row["undone_at"]]
    cursor.execute(
        "update vouchers.imports set undone_at = ?"
        " where list_contains(?, import_id) and undone_at is null",
        [datetime.now().replace(microsecond=0), sorted(import_ids)],
    )
    script(cursor, "empty")
    for number, row in enumerate(stay):
        progress(number / len(stay), f"Bringing in {row['file']}")
        _again(store, cursor, row)
    totals.recount(cursor)


def _write_manifest(store: Store) -> None:
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)


def _again(store: Store, cursor: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Bring one import in again, under its old number."""
    with opened_again(store, store.originals, row) as readable:
        survey = check.survey(readable)
        stage(cursor, survey)
        cursor.execute("delete from vouchers.imports where import_id = ?", [row["import_id"]])
        merge_again(store, cursor, survey, row)


@contextmanager
def opened_again(store: Store, folder: Path, row: dict[str, Any]) -> Iterator[Path]:
    """The file of an import in UTF-8, from the originals in `folder`. Raises Refused."""
    file = store.scratch / f"again-{row['import_id']}.csv"
    try:
        originals.put_back(folder, row["sha256"], file)
        with as_utf8(store, file, row.get("encoding", UTF8)) as readable:
            yield readable
    finally:
        file.unlink(missing_ok=True)


def merge_again(
    store: Store, cursor: duckdb.DuckDBPyConnection, survey: Survey, row: dict[str, Any]
) -> None:
    """Merge the staged rows under the number and the scope that their import had."""
    scope = Scope(row["folder"], row["prefix"], row["batch"])
    facts = {name: row[name] for name in FACTS}
    merge(store, cursor, survey, scope, facts, import_id=row["import_id"])


def _write_down(cursor: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
    cursor.execute("insert into vouchers.imports by name select unnest($row)", {"row": row})
