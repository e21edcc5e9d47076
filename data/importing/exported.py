"""When files were exported: the moment of which they are a picture."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from data.importing.csv_header import kind_of
from data.importing.input_file import as_utf8, check_is_file
from data.importing.stage import file_columns
from data.store.database import Store
from data.store.errors import EngineError, Refused
from data.store.sql import Cursor, literal_path, run_script

OLD = timedelta(days=31)  # a chain redeems something each month
# The clock of the machine may be in another time zone than the restaurants.
AHEAD = timedelta(days=1)


def proposed(latest: datetime | None, now: datetime) -> datetime:
    """When files were exported: now, or at their latest redemption where that is older."""
    if latest and latest < now - OLD:
        return latest
    return now.replace(second=0, microsecond=0)


def is_future(moment: datetime, now: datetime) -> bool:
    """Whether nothing can have been exported at a moment yet."""
    return moment > now + AHEAD


def latest_staged(cursor: Cursor, kind: str) -> datetime | None:
    """The latest redemption of the staged rows."""
    latest: datetime | None = run_script(cursor, f"importing/{kind}/latest_staged")[0][0]
    return latest


def proposed_for(store: Store, paths: Iterable[Path], encoding: str, now: datetime) -> datetime:
    """The proposal for files that are imported together. Raises StoreUnavailable."""
    found = [_latest_in(store, path, encoding) for path in paths]
    return proposed(max((latest for latest in found if latest), default=None), now)


def _latest_in(store: Store, path: Path, encoding: str) -> datetime | None:
    """The latest redemption of a file; None also of one that its import will refuse."""
    try:
        check_is_file(path)
        with (
            as_utf8(store, path, encoding) as readable,
            readable.open("rb") as file,
            literal_path(readable) as literal,
            store.cursor() as cursor,
        ):
            kind = kind_of(file.read(64 * 1024))
            script = f"importing/{kind}/latest_in_file"
            found = run_script(cursor, script, path=literal, columns=file_columns(kind))
    except (Refused, OSError, EngineError):
        return None
    latest: datetime | None = found[0][0]
    return latest
