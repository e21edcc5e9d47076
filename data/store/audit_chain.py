"""The chain of the audit log: how a line is added to it, and whether it is whole."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from data.store import audit_file
from data.store.audit_file import End, Entry, digest_of, log_of, note_of, parsed
from data.store.audit_lines import line_of

NOTHING = End()


@dataclass(frozen=True)
class Check:
    """The outcome of a check: the last line, and what is wrong with the log, as a sentence."""

    end: End
    problem: str | None

    def in_words(self) -> str:
        """The outcome as a sentence."""
        if self.problem:
            return f"not whole. {self.problem}"
        if not self.end.number:
            return "nothing has been recorded yet."
        entries = "1 entry" if self.end.number == 1 else f"{self.end.number:,} entries"
        return f"whole and unaltered: {entries}, the last one with the SHA-256 {self.end.digest}."


def append(store: Path, entry: Entry) -> None:
    """Add an entry; returns when it is on the disk. Raises OSError.

    It continues what the note says was written: lines that were cut off or altered since then
    stay noticeable for ever.
    """
    note = note_of(store)
    with audit_file.locked(log_of(store)) as file:
        last, torn = _tail(file)
        found, noted = end_of(last), audit_file.noted(note)
        if noted and found.number == noted.number + 1:  # a crash came before the note
            audit_file.put_note(note, found)
            noted = found
        line = line_of(entry, _links(found, noted, torn))
        size = file.seek(0, os.SEEK_END)
        audit_file.add(file, b"\n" * _ends_midline(file) + line + b"\n")
        try:
            audit_file.put_note(note, end_of(line))
        except OSError:
            audit_file.take_off(file, size)
            raise


def _links(found: End, noted: End | None, torn: bytes | None) -> dict[str, object]:
    """What ties a new line to those before it: the last that was found, and the one noted."""
    before = noted if noted and noted.number >= found.number else found
    is_whole = found.number <= 1 if noted is None else noted == found
    return {
        "number": before.number + 1,
        "before": before.digest,
        **({} if torn is None else {"torn": digest_of(torn)}),
        **({} if is_whole else {"gap": True}),
    }


def check(store: Path) -> Check:
    """Read the whole log and follow its chain from line to line. Raises OSError."""
    log, note = log_of(store), note_of(store)
    if not log.exists():
        return _compared_with_note(Chain(), audit_file.noted(note), note)
    with audit_file.locked(log) as file:
        noted, size = audit_file.noted(note), os.fstat(file.fileno()).st_size
    chain = Chain()
    with log.open("rb") as file:
        while file.tell() < size and not chain.problem:
            chain.follow(file.readline())
    return _compared_with_note(chain, noted, note)


@dataclass
class Chain:
    """The log as far as it was read."""

    place: int = 0  # the number of the line in the file
    end: End = NOTHING
    before: End = NOTHING  # the one before the end
    torn: list[bytes] = field(default_factory=list)  # lines since the end that are no entries
    problem: str | None = None

    def follow(self, line: bytes) -> None:
        """Take the next line."""
        self.place += 1
        line = line.removesuffix(b"\n")
        entry = parsed(line)
        if entry is None:
            self.torn.append(line)
            return
        self.problem = self._break_before(entry)
        self.before, self.end = self.end, End(entry["number"], digest_of(line))
        self.torn = []

    def _break_before(self, entry: Entry) -> str | None:
        number, wanted = entry["number"], self.end.number + 1
        if number > wanted:
            return (
                f"Line {self.place:,} is entry {number:,}, where entry {wanted:,} should be: "
                f"{_entries(number - wanted)} missing before it."
            )
        if number < wanted:
            return (
                f"Line {self.place:,} is entry {number:,}, where entry {wanted:,} should be: "
                "lines have been exchanged or repeated."
            )
        if entry.get("before") != self.end.digest:
            return f"Entry {self.end.number:,}, before line {self.place:,}, has been altered."
        if entry.get("torn") != (digest_of(b"\n".join(self.torn)) if self.torn else None):
            return (
                f"What stands before line {self.place:,} is no entry, and nothing accounts for it."
            )
        if "gap" in entry:
            return f"Before line {self.place:,}, the end of the log was removed or altered."
        return None


def end_of(line: bytes) -> End:
    """The number and the digest of a line; those of no line where it is empty."""
    entry = parsed(line)
    return End(entry["number"], digest_of(line)) if entry else End()


def _tail(file: BinaryIO) -> tuple[bytes, bytes | None]:
    """The last line that is an entry, and what a crash has left after it, if anything."""
    torn: list[bytes] = []
    last = b""
    for line in audit_file.backwards(file):
        if parsed(line):
            last = line
            break
        torn.insert(0, line)
    rest = b"\n".join(torn)
    return last, rest.removesuffix(b"\n") if rest else None


def _ends_midline(file: BinaryIO) -> bool:
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _compared_with_note(chain: Chain, noted: End | None, note: Path) -> Check:
    return Check(chain.end, chain.problem or _end_problem(chain, noted, note.name))


def _end_problem(chain: Chain, noted: End | None, name: str) -> str | None:
    end = chain.end
    if noted is None:
        if end.number <= 1:  # a crash came before the first note
            return None
        return f"The file {name} is missing or damaged: the end of the log may be cut off."
    if noted.number > end.number:
        missing = noted.number - end.number
        return f"The end is cut off after line {chain.place:,}: {_entries(missing)} missing there."
    if noted == end or (noted == chain.before and noted.number):
        return None
    if noted.number == end.number:
        return f"Line {chain.place:,}, the last one, has been altered."
    return f"The file {name} is older than the log: the end of the log may be cut off."


def _entries(count: int) -> str:
    return "1 entry is" if count == 1 else f"{count:,} entries are"
