"""Replays an import from its original, under its old number."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from data.importing import csv_scan
from data.importing.apply import apply
from data.importing.csv_file import Survey
from data.importing.input_file import UTF8, as_utf8
from data.importing.scope import Scope
from data.importing.stage import ANY_LENGTH, stage
from data.store import originals
from data.store.database import Store
from data.store.manifest import ImportRow
from data.store.sql import Cursor

FACTS = ("file", "is_sample", "bytes", "encoding", "imported_at", "sha256")


def replay(store: Store, cursor: Cursor, row: ImportRow) -> None:
    """Import the original of `row` once more, under its old number, where all rows are at hand.

    Whoever calls recounts the totals after the last import. Raises Refused.
    """
    _replay(store, cursor, row, nullcontext())


def replay_on_top(store: Store, cursor: Cursor, row: ImportRow) -> None:
    """Import the original of `row` once more, under its old number, on the rows that are stored.

    Whoever calls recounts the totals after the last import. Raises Refused.
    """
    _replay(store, cursor, row, store.rows.at_hand(cursor, row["kind"], row["import_id"]))


def _replay(
    store: Store, cursor: Cursor, row: ImportRow, at_hand: AbstractContextManager[None]
) -> None:
    with original(store, store.originals, row) as readable:
        survey = csv_scan.survey(readable)
        stage(cursor, survey, longest=ANY_LENGTH)
        cursor.execute("delete from vouchers.imports where import_id = ?", [row["import_id"]])
        with at_hand:
            apply_staged(store, cursor, survey, row)


@contextmanager
def original(store: Store, folder: Path, row: ImportRow) -> Iterator[Path]:
    """The file of an import in UTF-8, from the originals in `folder`. Raises Refused."""
    file = store.scratch / f"replay-{row['import_id']}.csv"
    try:
        originals.restore(folder, row["sha256"], file)
        with as_utf8(store, file, row.get("encoding", UTF8)) as readable:
            yield readable
    finally:
        file.unlink(missing_ok=True)


def apply_staged(store: Store, cursor: Cursor, survey: Survey, row: ImportRow) -> None:
    """Apply the staged rows under the number and the scope that their import had."""
    scope = Scope(row["folder"], row["prefix"], row["batch"])
    # Lists of imports of older versions do not say when their files were exported.
    facts = {name: row[name] for name in FACTS} | {"exported_at": row.get("exported_at")}
    apply(store, cursor, survey, scope, facts, import_id=row["import_id"])
