"""An index of the history's lines: where each receipt and each state stands in the file.

It grows with the file, of which only the bytes that were added since are read.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import dropwhile, islice
from pathlib import Path
from typing import Any, BinaryIO

TAIL = 4096  # bytes before the end of what was read, by which a rewritten file is noticed
RECEIPT = b'{"receipt": "'  # how the line of a receipt begins
FILES = 16  # histories whose index stays in memory

Entry = dict[str, Any]


@dataclass
class _State:
    """The lines that list the imports of a state: one, or several parts of a long list."""

    key: str | None  # of the names that are hidden in it; "-": from before there were keys
    parts: int
    places: dict[int, int] = field(default_factory=dict)  # part → where its line begins

    def is_whole(self) -> bool:
        """Whether no line of it is missing, as after a crash."""
        return len(self.places) == self.parts


class Index:
    """Where the lines of one file stand. For any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        self._file: tuple[int, int] | None = None
        self._seen: tuple[int, int] | None = None
        self._end = 0  # where the first line begins that was not read
        self._tail = b""
        self._receipts: dict[str, tuple[int, ...]] = {}  # in the order in which they were begun
        self._states: dict[str, list[_State]] = {}
        self._views: dict[bytes, list[str]] = {}  # the same view, in that order too
        self._restarts: set[str] = set()

    def count(self) -> int:
        """How many receipts there are."""
        with self._lock:
            self._read_on()
            return len(self._receipts)

    def receipts(self, most: int | None = None) -> list[Entry]:
        """The latest receipts, the latest first; all of them without `most`."""
        with self._lock:
            self._read_on()
            if not self._receipts:
                return []
            lists: dict[int, list[Any]] = {}  # many receipts rest on the same imports
            with self._path.open("rb") as file:
                latest = islice(reversed(self._receipts.values()), most)
                found = (self._receipt(file, places, lists) for places in latest)
                return [receipt for receipt in found if receipt is not None]

    def receipt(self, receipt_id: str) -> Entry | None:
        """The receipt with this ID, if there is one."""
        with self._lock:
            self._read_on()
            found = self._found(receipt_id)
            if found is not None and found.get("receipt") != receipt_id:  # rewritten in place
                self._forget()
                self._read_on()
                found = self._found(receipt_id)
            return found

    def _found(self, receipt_id: str) -> Entry | None:
        places = self._receipts.get(receipt_id)
        if places is None:
            return None
        with self._path.open("rb") as file:
            return self._receipt(file, places, {})

    def before(self, receipt_id: str) -> Entry | None:
        """The receipt of the same view that was begun before this one and is no restart."""
        with self._lock:
            self._read_on()
            if receipt_id not in self._receipts:
                return None
            with self._path.open("rb") as file:
                file.seek(self._receipts[receipt_id][0])
                same = self._views.get(_view(file.readline()), [])
            later_first = dropwhile(lambda i: i != receipt_id, reversed(same))
            begun = (i for i in islice(later_first, 1, None) if i not in self._restarts)
            found = next(begun, None)
            return None if found is None else self.receipt(found)

    def has_state(self, state: str, key: str | None) -> bool:
        """Whether the imports of a state are listed whole, with no name that another key hides."""
        with self._lock:
            self._read_on()
            whole = [listed for listed in self._states.get(state, []) if listed.is_whole()]
            return bool(whole) and whole[-1].key in (None, key)

    def _receipt(
        self, file: BinaryIO, places: Sequence[int], lists: dict[int, list[Any]]
    ) -> Entry | None:
        receipt: Entry = {}
        try:
            for place in places:
                receipt |= _entry_at(file, place)
        except ValueError:  # a line that a crash has torn where it looks whole
            return None
        listed = [s for s in self._states.get(receipt.get("state", ""), []) if s.is_whole()]
        earlier = [s for s in listed if s.places[1] < places[0]]
        if listed:
            receipt["rests_on"] = _imports(file, (earlier or listed)[-1], lists)
        return receipt

    def _read_on(self) -> None:
        """Read the lines that were added since the last time; all of them in another file."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._forget()
            return
        if self._seen == (stat.st_size, stat.st_mtime_ns) and self._file == _identity(stat):
            return
        with self._path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if self._file != _identity(stat) or not self._goes_on(file, stat.st_size):
                self._forget()
            self._file, self._seen = _identity(stat), (stat.st_size, stat.st_mtime_ns)
            self._read_lines(file)

    def _goes_on(self, file: BinaryIO, size: int) -> bool:
        """Whether the file still begins with the lines that were read."""
        file.seek(max(0, self._end - TAIL))
        return size >= self._end and file.read(min(self._end, TAIL)) == self._tail

    def _read_lines(self, file: BinaryIO) -> None:
        file.seek(self._end)
        for line in file:
            if not line.endswith(b"\n"):  # it is being written, or a crash has torn it
                break
            self._add(line, self._end)
            self._end += len(line)
        file.seek(max(0, self._end - TAIL))
        self._tail = file.read(min(self._end, TAIL))

    def _add(self, line: bytes, place: int) -> None:
        """Note where a line stands. Those of receipts are not parsed: there are many."""
        if line.startswith(RECEIPT) and line.endswith(b"}\n"):
            name = line[len(RECEIPT) : line.find(b'"', len(RECEIPT))]
            self._add_receipt(name.decode("utf-8", "replace"), line, place)
            return
        with contextlib.suppress(ValueError, KeyError, TypeError):  # torn, or not of ours
            entry = json.loads(line)
            if "receipt" in entry:
                self._add_receipt(entry["receipt"], _line(entry), place)
            elif "state" in entry:
                self._add_state(entry, place)

    def _add_receipt(self, receipt_id: str, line: bytes, place: int) -> None:
        if b'"what": "' in line:
            self._views.setdefault(_view(line), []).append(receipt_id)
            self._receipts[receipt_id] = (place,)
        elif receipt_id in self._receipts:
            self._receipts[receipt_id] += (place,)
            if b'"restarts": true' in line:
                self._restarts.add(receipt_id)

    def _add_state(self, entry: Entry, place: int) -> None:
        part, parts = entry.get("part", 1), entry.get("parts", 1)
        versions = self._states.setdefault(entry["state"], [])
        if part == 1:
            versions.append(_State(entry.get("key", "-"), parts))
        if versions and isinstance(entry["imports"], list):
            versions[-1].places[part] = place


@lru_cache(maxsize=FILES)
def index_of(path: Path) -> Index:
    """The index of a file, one for all threads."""
    return Index(path)


def _imports(file: BinaryIO, state: _State, lists: dict[int, list[Any]]) -> list[Any]:
    """The imports of a state, read once for all its receipts."""
    first = state.places[1]
    if first not in lists:
        parts = [_entry_at(file, state.places[part])["imports"] for part in sorted(state.places)]
        lists[first] = [row for part in parts for row in part]
    return lists[first]


def _entry_at(file: BinaryIO, place: int) -> Entry:
    file.seek(place)
    entry: Entry = json.loads(file.readline())
    return entry


def _identity(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_dev, stat.st_ino


def _line(entry: Entry) -> bytes:
    """The entry as the history writes it: its parts are found by these bytes."""
    return (json.dumps(entry, ensure_ascii=False) + "\n").encode()


def _view(line: bytes) -> bytes:
    """The digest of what a download shows, whoever began it, from the line of its start.

    A quote within a text is escaped, so that no text looks like the name of a field.
    """
    what = line[line.find(b'"what": "') : line.find(b'"columns": [')]
    url = line[line.find(b'"url": "') : line.find(b"receipt=")]
    state = line.find(b'"', line.find(b'"state": "') + len(b'"state": "'))
    return hashlib.blake2b(b"\n".join((what, url, line[state:])), digest_size=16).digest()
