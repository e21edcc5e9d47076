"""The file that is imported: its encoding, the room it needs, and whether it stays as it is."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.store.database import Store
from data.store.errors import Refused, unreadable
from data.store.originals import BLOCK

UTF8 = "utf-8"
ENCODINGS = (UTF8, "windows-1252")
ROOM = 256 * 1024 * 1024  # bytes of the disk that stay free for other programs


@contextmanager
def as_utf8(store: Store, path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a copy of it in UTF-8 for as long as the block runs. Raises Refused."""
    if encoding == UTF8:
        yield path
        return
    copy = store.scratch / f"{threading.get_ident()}.utf8"
    try:
        with (
            path.open(encoding=encoding, newline="") as file,
            copy.open("w", encoding=UTF8, newline="") as target,
        ):
            shutil.copyfileobj(file, target, BLOCK)
        yield copy
    except OSError as error:
        raise unreadable(error) from None
    except UnicodeDecodeError:
        raise Refused("the file is not Windows-1252 text either. Save it as UTF-8.") from None
    finally:
        copy.unlink(missing_ok=True)


def check_room(store: Store, path: Path) -> None:
    """Raise Refused where the disk has no room for the rows, their staging and the original."""
    try:
        needed = 2 * path.stat().st_size + ROOM
    except OSError as error:
        raise unreadable(error) from None
    free = shutil.disk_usage(store.path.parent).free
    if free < needed:
        raise Refused(
            f"the disk has {free / 1e9:.1f} GB free, and this import may need "
            f"{needed / 1e9:.1f} GB. Make room first."
        )


def check_unchanged(path: Path, before: os.stat_result) -> None:
    """Raise Refused where the file is no longer what it was `before`."""
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Refused(
            "the file changed while it was read: the export or the download was not "
            "finished. Import it again when it is."
        )
