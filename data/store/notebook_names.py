"""Names of notebooks, which are names of files without .md."""

import itertools
import unicodedata
from collections.abc import Collection

from data.store.notebook_text import GONE, NotSaved

ENDING = ".md"
LONGEST = 80  # letters
LONGEST_FILE = 200  # bytes of a name in UTF-8: a file system takes 255, with endings of ours
FORBIDDEN = '/\\:*?"<>|'  # in names of files: the first two anywhere, the others on Windows
DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}


def checked(name: str) -> str:
    """A name that somebody typed, composed (NFC) and with single blanks. Raises NotSaved."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise NotSaved("Give the notebook a name.")
    if not name.isprintable():
        raise NotSaved("The name has characters that cannot be shown.")
    if found := next((char for char in name if char in FORBIDDEN), None):
        raise NotSaved(f"A name cannot have a {found} in it: the notebook is a file of that name.")
    if name.startswith(".") or name.endswith("."):
        raise NotSaved("A name neither begins nor ends with a dot.")
    if name.partition(".")[0].strip().casefold() in DEVICES:
        raise NotSaved("Some systems take this name for a device. Choose another one.")
    if len(name) > LONGEST:
        raise NotSaved(f"A name has at most {LONGEST} letters.")
    if not _is_short(name):
        raise NotSaved("The name is too long for one of a file. Choose a shorter one.")
    return name


def of_a_file(name: str) -> str:
    """A name by which a file of the folder is looked up: it leads nowhere else. Raises NotSaved."""
    if problem_of(name):
        raise NotSaved(GONE)
    return name


def problem_of(name: str) -> str:
    """Why a file of this name, without its ending, is no notebook, as a sentence; "" if it is one.

    Somebody may have put it into the folder: blanks, and what Windows forbids, are as they are.
    """
    if not name or name.startswith(".") or not name.isprintable() or {"/", "\\"} & set(name):
        return "The file's name has characters that no name of a notebook has."
    if len(name.encode()) > LONGEST_FILE:
        return "The file's name is too long."
    return ""


def key_of(name: str) -> str:
    """Names with the same key count as one, as for the file systems of macOS and Windows."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def free(name: str, taken: Collection[str]) -> str:
    """A checked name, with the first number behind it (from 2 on) that makes it a free one."""
    keys = set(map(key_of, taken))
    numbered = itertools.chain([name], (_with_number(name, n) for n in itertools.count(2)))
    return next(one for one in numbered if key_of(one) not in keys)


def _with_number(name: str, number: int) -> str:
    while not _is_short(f"{name} {number}"):
        name = name[:-1].rstrip()
    return f"{name} {number}"


def _is_short(name: str) -> bool:
    return len(name) <= LONGEST and len(name.encode()) <= LONGEST_FILE
