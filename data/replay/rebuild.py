"""Rebuilds a store from the originals and the manifest beside them."""

from pathlib import Path

from data.importing.apply import record
from data.replay.replay import replay
from data.store import manifest, totals
from data.store.database import Store
from data.store.errors import Refused, refused_by_engine
from data.store.progress import Progress, ignore_progress


def rebuild(folder: Path, target: Path, progress: Progress = ignore_progress) -> Store:
    """Build a new store at `target` from the originals and the manifest in `folder`.

    Raises Refused where one of them is gone, and leaves no half store behind.
    """
    imports = manifest.read(folder)
    if imports is None:
        raise Refused(f"there is no list of imports ({manifest.NAME}) in {folder.name}.")
    if target.exists():
        raise Refused(f"{target} is there already. Name another file.")
    store = Store(target, originals_folder=folder)
    try:
        with refused_by_engine(), store.writing() as cursor:
            for number, row in enumerate(imports):
                progress(number / len(imports), f"Bringing in {row['file']}")
                if row["undone_at"]:
                    record(cursor, row)
                else:
                    replay(store, cursor, row)
            totals.recount(cursor)
    except BaseException:
        store.close()
        target.unlink(missing_ok=True)
        raise
    return store
