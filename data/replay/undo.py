"""Takes imports back by replaying all others."""

from datetime import datetime

from data.replay.replay import replay
from data.store import manifest, totals
from data.store.database import Store
from data.store.errors import refused_by_engine
from data.store.progress import Progress, ignore_progress
from data.store.sql import Cursor, run_script


def undo(store: Store, import_ids: set[int], progress: Progress = ignore_progress) -> None:
    """Take imports back: the store then holds what it would hold without them.

    All others are replayed from their originals, in one transaction, so that it does not
    matter which later import changed the same rows. Raises Refused.
    """
    with refused_by_engine(), store.writing() as cursor:
        _take_back(store, cursor, import_ids, progress)
    _write_manifest(store)


def clear_sample(store: Store) -> None:
    """Take the sample data out; what real files brought stays.

    Its imports stay in the table as taken back, so that no other import gets their IDs.
    """
    with refused_by_engine(), store.writing() as cursor:
        imports = manifest.imports(cursor)
        sample = {r["import_id"] for r in imports if r["is_sample"] and not r["undone_at"]}
        if sample:
            _take_back(store, cursor, sample, ignore_progress)
    _write_manifest(store)


def _take_back(store: Store, cursor: Cursor, import_ids: set[int], progress: Progress) -> None:
    imports = manifest.imports(cursor)
    stay = [row for row in imports if row["import_id"] not in import_ids and not row["undone_at"]]
    cursor.execute(
        "update vouchers.imports set undone_at = ?"
        " where list_contains(?, import_id) and undone_at is null",
        [datetime.now().replace(microsecond=0), sorted(import_ids)],
    )
    with store.rows.all_anew(cursor):
        run_script(cursor, "replay/empty")
        for number, row in enumerate(stay):
            progress(number / len(stay), f"Bringing in {row['file']}")
            replay(store, cursor, row)
        totals.recount(cursor)


def _write_manifest(store: Store) -> None:
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)
