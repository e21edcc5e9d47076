"""The text of one notebook on the disk: read whole, byte for byte, and never through a link."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from data.store.reasons import why

LARGEST = 1024 * 1024  # bytes
GONE = "This notebook is not there any more."
TOO_LARGE = "A notebook has at most 1 MB."
A_LINK = "This notebook is a link to another file, and links are not followed."
NO_FILE = "This is no file, and so no notebook."
NOT_UTF_8 = "This notebook is no text in UTF-8."
NO_TEXT = "The text has characters that cannot be written as UTF-8."


class NotSaved(Exception):
    """A notebook cannot be kept or read as wanted; the text is a sentence."""


@dataclass(frozen=True)
class Kept:
    """A text as its file has it, line ends included, and the SHA-256 of the file's bytes."""

    text: str = field(repr=False)
    digest: str


class Conflict(NotSaved):
    """The file has changed since somebody read what they now want to save; `theirs` is its text."""

    def __init__(self, theirs: Kept) -> None:
        super().__init__("Somebody else has changed this notebook since you opened it.")
        self.theirs = theirs


def digest_of(content: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def encoded(text: str) -> bytes:
    """The bytes of a text's file. Raises NotSaved."""
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise NotSaved(NO_TEXT) from None
    if len(content) > LARGEST:
        raise NotSaved(TOO_LARGE)
    return content


def read(path: Path) -> Kept:
    """The text of a file, nothing of it changed. Raises NotSaved."""
    if path.is_symlink():
        raise NotSaved(A_LINK)
    try:
        content = _bytes_of(path)
    except FileNotFoundError:
        raise NotSaved(GONE) from None
    except OSError as error:
        raise NotSaved(f"This notebook cannot be read: {why(error)}.") from None
    try:
        return Kept(content.decode(), digest_of(content))
    except UnicodeDecodeError:
        raise NotSaved(NOT_UTF_8) from None


def _bytes_of(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    # A link that came a moment ago is not followed; a pipe would wait for a writer.
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotSaved(NO_FILE)
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotSaved(TOO_LARGE)
    return content
