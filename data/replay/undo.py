"""Takes imports back by replaying others: the later ones, or all where no more is known."""

from collections.abc import Iterator
from datetime import datetime

from data.replay.replay import replay, replay_on_top
from data.store import manifest, totals
from data.store.database import Store
from data.store.errors import refused_by_engine
from data.store.manifest import ImportRow
from data.store.progress import Progress, ignore_progress
from data.store.sql import Cursor, run_script


def undo(store: Store, import_ids: set[int], progress: Progress = ignore_progress) -> None:
    """Take imports back: the store then holds what it would hold without them.

    Others are replayed from their originals, in one transaction, so that it does not matter which
    later import changed the same rows. Raises Refused.
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
    live = [row for row in manifest.imports(cursor) if not row["undone_at"]]
    taken = {row["import_id"] for row in live} & import_ids
    if not taken:
        return
    stay = [row for row in live if row["import_id"] not in taken]
    first = min(taken)
    is_restored = store.rows.restore_before(cursor, first)
    cursor.execute(
        "update vouchers.imports set undone_at = ?"
        " where list_contains(?, import_id) and undone_at is null",
        [datetime.now().replace(microsecond=0), sorted(import_ids)],
    )
    if is_restored:
        later = [row for row in stay if row["import_id"] > first]
        _replay_later(store, cursor, later, first, progress)
    else:
        _replay_all(store, cursor, stay, progress)


def _replay_later(
    store: Store, cursor: Cursor, imports: list[ImportRow], first: int, progress: Progress
) -> None:
    """Replay imports on the rows as they were before the import `first`."""
    run_script(cursor, "replay/empty_from", import_id=first)
    for row in _one_by_one(imports, progress):
        replay_on_top(store, cursor, row)
    totals.recount(cursor)


def _replay_all(store: Store, cursor: Cursor, imports: list[ImportRow], progress: Progress) -> None:
    with store.rows.all_anew(cursor):
        run_script(cursor, "replay/empty")
        for row in _one_by_one(imports, progress):
            replay(store, cursor, row)
        totals.recount(cursor)


def _one_by_one(imports: list[ImportRow], progress: Progress) -> Iterator[ImportRow]:
    for number, row in enumerate(imports):
        progress(number / len(imports), f"Bringing in {row['file']}")
        yield row


def _write_manifest(store: Store) -> None:
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)
