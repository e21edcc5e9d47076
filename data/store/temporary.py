"""Names for files that are not whole yet; no file of anybody else can have them."""

import contextlib
import glob
import secrets
from collections.abc import Iterator
from pathlib import Path

ENDING = ".voucher-part"


def beside(path: Path) -> Path:
    """A fresh hidden name in the folder of `path`, where no file has it and none can guess it."""
    return path.with_name(f".{_start(path)}.{secrets.token_hex(8)}{ENDING}")


def left(path: Path) -> Iterator[Path]:
    """What killed processes have left under temporary names for `path`."""
    pattern = f".{glob.escape(_start(path))}.{'[0-9a-f]' * 16}{ENDING}"
    yield from path.parent.glob(pattern)


def delete(part: Path) -> None:
    """Delete a temporary file and the engine's log of it, as far as they are there."""
    for file in (part, part.with_name(part.name + ".wal")):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _start(path: Path) -> str:
    """The start of the name: the whole name and an ending could be too long for a name."""
    return path.name[:40]
