"""The imported files as they came, compressed: undo and rebuild replay them."""

import hashlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from data.store.errors import MAKE_ROOM, Refused
from data.store.progress import Progress, ignore_progress
from data.store.reasons import is_full, why

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENDING = ".originals"
BLOCK = 4 * 1024 * 1024  # bytes that are read at a time


def folder_of(store: Path) -> Path:
    """The folder with the originals of a store."""
    resolved = store.resolve()
    return resolved.with_name(base_name(resolved) + ENDING)


def base_name(store: Path) -> str:
    """How the names begin of what is kept beside a store, whose path is resolved.

    v of v.duckdb; the whole name of any other file, so that two stores share nothing. But an
    older version has kept the originals of v.backup, too, as v.originals: there they stay.
    history_of() in queries/downloading/receipts.py has the same rule.
    """
    has_own = store.with_name(store.name + ENDING).exists()
    has_old = store.with_name(store.stem + ENDING).exists()
    is_shared = store.with_name(f"{store.stem}.duckdb").exists()
    is_old = has_old and not has_own and not is_shared
    return store.stem if store.suffix == ".duckdb" or is_old else store.name


def save(folder: Path, path: Path, progress: Progress = ignore_progress) -> str:
    """Save a copy of the file at `path` in `folder`. Returns its SHA-256. Raises Refused."""
    digest = hashlib.sha256()
    part = folder / f".{path.name[:40]}.{id(digest)}.part"
    size = max(path.stat().st_size, 1)
    try:
        with path.open("rb") as file, zstd.open(part, "wb", level=1) as copy:
            while block := file.read(BLOCK):
                digest.update(block)
                copy.write(block)
                progress(min(1.0, file.tell() / size), "Keeping the original")
        part.replace(file_of(folder, digest.hexdigest()))
    except OSError as error:
        reason = why(error, folder)
        advice = MAKE_ROOM if is_full(reason) else ""
        raise Refused(f"the original cannot be kept: {reason}.{advice}") from None
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest()


def file_of(folder: Path, sha256: str) -> Path:
    """Where the copy of the file with this SHA-256 lies, if there is one."""
    return folder / f"{sha256}.csv.zst"


def restore(folder: Path, sha256: str, target: Path) -> None:
    """Write an original to `target`, byte for byte. Raises Refused where it is gone or damaged."""
    try:
        with target.open("wb") as file:
            for block in _blocks(folder, sha256):
                file.write(block)
    except OSError as error:
        raise Refused(
            f"the kept original of this import cannot be put back: {why(error, target.parent)}."
        ) from None


def contains(folder: Path, sha256: str, texts: Collection[bytes]) -> bool:
    """Whether one of the texts stands in an original. Raises Refused where it is gone or damaged.

    Reading ends at the first hit, so only `restore` notices damage after it.
    """
    overlap = max(map(len, texts)) - 1
    before = b""
    for block in _blocks(folder, sha256):
        window = before + block
        if any(text in window for text in texts):
            return True
        before = window[-overlap:] if overlap else b""
    return False


def _blocks(folder: Path, sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        with zstd.open(file_of(folder, sha256), "rb") as copy:
            while block := copy.read(BLOCK):
                digest.update(block)
                yield block
    except (OSError, zstd.ZstdError, EOFError) as error:
        raise Refused(
            f"the kept original of this import cannot be read: {_damage(error)}. "
            f"It should be in {folder.name}."
        ) from None
    if digest.hexdigest() != sha256:
        raise Refused(f"the kept original of this import in {folder.name} has been altered.")


def _damage(error: Exception) -> str:
    return why(error) if isinstance(error, OSError) else "it is not the whole compressed file"
