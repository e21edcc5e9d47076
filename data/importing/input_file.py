"""The file that is imported: its encoding, the room it needs, and whether it stays as it is."""

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.store.database import Store
from data.store.errors import Refused, not_read
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
    copy = store.scratch / f"{secrets.token_hex(8)}.utf8"
    try:
        _recode(path, encoding, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def spooled(path: Path) -> Iterator[Path]:
    """The file itself; of a pipe, which can be read once, a copy on the disk. Raises Refused."""
    try:
        is_pipe = stat.S_ISFIFO(path.stat().st_mode)
    except OSError as error:
        raise not_read(error) from None
    if not is_pipe:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="pipe-") as folder:
        copy = Path(folder) / "pipe.csv"
        try:
            with path.open("rb") as pipe, copy.open("wb") as target:
                shutil.copyfileobj(pipe, target, BLOCK)
        except OSError as error:
            raise not_read(error) from None
        yield copy


def check_is_file(path: Path) -> None:
    """Raise Refused for what can be read once or never: a pipe, a device, a folder."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise not_read(error) from None
    if not stat.S_ISREG(mode):
        raise Refused("the file cannot be read: it is a folder, a pipe or a device.")


def _recode(path: Path, encoding: str, copy: Path) -> None:
    try:
        with (
            path.open(encoding=encoding, newline="") as file,
            copy.open("w", encoding=UTF8, newline="") as target,
        ):
            shutil.copyfileobj(file, target, BLOCK)
    except OSError as error:
        raise not_read(error) from None
    except UnicodeDecodeError:
        raise Refused("the file is not Windows-1252 text either. Save it as UTF-8.") from None


def check_room(store: Store, path: Path) -> None:
    """Raise Refused where the disk has no room for the rows, their staging and the original."""
    try:
        needed = 2 * path.stat().st_size + ROOM
        free = shutil.disk_usage(store.path.parent).free
    except OSError as error:
        raise not_read(error) from None
    if free < needed:
        raise Refused(
            f"the disk has {free / 1e9:.1f} GB free, and this import may need "
            f"{needed / 1e9:.1f} GB. Make room first."
        )


def check_unchanged(path: Path, before: os.stat_result) -> None:
    """Raise Refused where the file is no longer what it was `before`."""
    try:
        after = path.stat()
    except OSError as error:
        raise not_read(error) from None
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Refused(
            "the file changed while it was read. Import it again when its export or download "
            "is finished."
        )
