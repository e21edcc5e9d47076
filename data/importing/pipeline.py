"""Imports Voucher Manager's CSV files: scan, stage, match, apply, in one transaction.

The SQL steps of codes and of transactions lie in folders of their own, numbered in the order
in which they run; apply.py runs them from 2 to 9.
"""

import contextlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from data.importing import csv_scan
from data.importing.apply import apply
from data.importing.input_file import (
    UTF8,
    as_utf8,
    check_is_file,
    check_room,
    check_unchanged,
)
from data.importing.progress import Stop, reporting
from data.importing.result import ImportResult
from data.importing.scope import Scope, as_known
from data.importing.stage import stage
from data.store import manifest, originals, totals
from data.store.database import Store
from data.store.errors import EngineError, Refused, Stopped, not_stored, refused_by_engine
from data.store.names import shown
from data.store.progress import Progress, ignore_progress


def load(
    store: Store,
    path: Path,
    scope: Scope = Scope(),
    *,
    name: str | None = None,
    encoding: str = UTF8,
    exported_at: datetime | None = None,
    is_sample: bool = False,
    progress: Progress = ignore_progress,
    stop: Stop | None = None,
) -> ImportResult:
    """Store all rows of the file at `path`, or, raising Refused, none of them.

    `encoding` is "utf-8" or "windows-1252". Without `exported_at` it is proposed by the file's
    redemptions. Raises StoreUnavailable where the store cannot be opened.
    """
    stop = stop or Stop()
    check_is_file(path)
    check_room(store, path)
    with refused_by_engine(), store.cursor() as cursor:
        scope = as_known(cursor, scope)
    with as_utf8(store, path, encoding) as readable, ThreadPoolExecutor(1) as pool:
        before = path.stat()

        def scanned(share: float, doing: str) -> None:
            stop.check()
            progress(share * 0.2, doing)

        saved = pool.submit(originals.save, store.originals, path, lambda *_: stop.check())
        try:
            survey = csv_scan.survey(readable, scanned)
        except Refused:
            _discard(store, saved)
            raise
        shown_name = shown(name or path.name)
        facts = _facts(shown_name, before.st_size, encoding, exported_at, is_sample)

        def write() -> ImportResult:
            with store.writing() as cursor, stop.interrupting(cursor):
                with reporting(cursor, progress, 0.2, 0.6, "Reading"):
                    stage(cursor, survey)
                with reporting(cursor, progress, 0.6, 1.0, "Storing"):
                    facts["sha256"] = saved.result()
                    with store.rows.at_hand(cursor, survey.kind):
                        result = apply(store, cursor, survey, scope, facts)
                check_unchanged(path, before)
                stop.check()
            return result

        try:
            result = store.retrying(write)
        except Refused as refused:
            _discard(store, saved)
            if not isinstance(refused, Stopped):
                check_unchanged(path, before)  # the better reason
            raise
        except EngineError as error:
            _discard(store, saved)
            raise not_stored(error) from None
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)
    return result


def load_together(store: Store, files: Sequence[tuple[Path, Scope]], exported_at: datetime) -> None:
    """Store sample files in an empty store, all of them or, raising Refused, none."""
    with refused_by_engine(), store.writing() as cursor, store.rows.all_anew(cursor):
        for number, (path, scope) in enumerate(files, start=1):
            survey = csv_scan.survey(path)
            stage(cursor, survey)
            facts = _facts(path.name, path.stat().st_size, UTF8, exported_at, is_sample=True)
            facts["sha256"] = originals.save(store.originals, path)
            apply(store, cursor, survey, scope, facts, import_id=number)
        totals.recount(cursor)
    with store.cursor() as cursor:
        manifest.write(cursor, store.originals)


def _facts(
    name: str, size: int, encoding: str, exported_at: datetime | None, is_sample: bool
) -> dict[str, Any]:
    """What the table of imports keeps of a file, but for its SHA-256."""
    return {
        "file": name,
        "is_sample": is_sample,
        "bytes": size,
        "encoding": encoding,
        "exported_at": exported_at,
        "imported_at": datetime.now().replace(microsecond=0),
    }


def _discard(store: Store, saved: Future[str]) -> None:
    """Delete the original of a file that was not stored, unless an import names it."""
    with contextlib.suppress(Exception):
        sha256 = saved.result()
        with store.cursor() as cursor:
            imports = manifest.imports(cursor)
        if all(row["sha256"] != sha256 for row in imports):
            originals.file_of(store.originals, sha256).unlink(missing_ok=True)
