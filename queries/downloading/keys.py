"""The random key of a store, under which receipts hide codes: without it, no guess can be tried.

A plain digest of a code is found in seconds by trying all codes of its form.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BYTES = 32
DIGITS = 32  # of a text's digest: 128 bits


@dataclass(frozen=True)
class Key:
    """The key itself."""

    secret: bytes

    @cached_property
    def id(self) -> str:
        """By which receipts name it; it says nothing about the key."""
        return self.digest("voucher explorer: the ID of this key")[:8]

    def digest(self, text: str) -> str:
        """The digest of a text under this key (HMAC-SHA-256)."""
        found = hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return found.hexdigest()[:DIGITS]


def key_path(history: Path) -> Path:
    """The key's file, which lies beside the history: vouchers.key, by the store's name."""
    stem = history.name.removesuffix(".jsonl").removesuffix(".downloads")
    return history.with_name(f"{stem}.key")


def known_key(path: Path) -> Key | None:
    """The key in a file; None where there is none. Raises OSError."""
    with suppress(FileNotFoundError, ValueError):
        secret = bytes.fromhex(path.read_text("ascii"))
        if len(secret) == BYTES:
            return Key(secret)
    return None


def key_for(path: Path) -> Key:
    """The key in a file, which is created where there is none. Raises OSError."""
    if (known := known_key(path)) is not None:
        return known
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        with os.fdopen(os.open(part, flags, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _put(part, path)
    finally:
        part.unlink(missing_ok=True)
    if (created := known_key(path)) is None:
        raise OSError(f"{path.name} cannot be read")
    return created


def _put(part: Path, path: Path) -> None:
    """Give the whole file its name, unless another process was sooner."""
    try:
        os.link(part, path)
    except FileExistsError:
        if known_key(path) is None:  # it is damaged, and hides nothing any more
            part.replace(path)
    except OSError:  # a file system without links
        if not path.exists():
            part.replace(path)
