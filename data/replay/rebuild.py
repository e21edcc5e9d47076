"""Rebuilds a store from the originals and the manifest beside them."""

from pathlib import Path

from data.importing.apply import record
from data.replay.replay import replay
from data.store import manifest, temporary, totals
from data.store.database import Store
from data.store.errors import Refused, refused_by_engine
from data.store.names import shown
from data.store.progress import Progress, ignore_progress
from data.store.sql import run_script


def rebuild(folder: Path, target: Path, progress: Progress = ignore_progress) -> Store:
    """Build a new store at `target` from the originals and the manifest in `folder`.

    Raises Refused where one of them is gone, and leaves no half store behind.
    """
    imports = manifest.read(folder)
    if imports is None:
        raise Refused(f"there is no list of imports ({manifest.NAME}) in {folder.name}.")
    for there in (target, target.with_name(target.name + ".wal")):
        if there.exists():  # the engine would read the log of another store into the new one
            raise Refused(f"{shown(str(there))} is there already. Name another file.")
    store = Store(target, originals_folder=folder, engine="")
    try:
        with refused_by_engine(), store.writing() as cursor:
            for number, row in enumerate(imports):
                progress(number / len(imports), f"Bringing in {row['file']}")
                if row["undone_at"]:
                    record(cursor, row)
                else:
                    replay(store, cursor, row)
            # Lists of older versions lack it: then as older stores get it, from all rows together.
            lacking = [row["import_id"] for row in imports if "exported_at" not in row]
            cursor.execute(
                "update vouchers.imports set exported_at = null where list_contains(?, import_id)",
                [lacking],
            )
            run_script(cursor, "store/exported_at")
            totals.recount(cursor)
    except BaseException:
        store.close()
        temporary.delete(target)
        raise
    return store
