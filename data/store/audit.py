"""The audit log: who did what, in lines that cannot be taken away or changed unnoticed."""

import asyncio
import getpass
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from data.store import audit_chain, audit_file
from data.store.audit_chain import Check
from data.store.audit_file import Entry, log_of, parsed
from data.store.errors import Refused
from data.store.reasons import why

FACTS = {"import_id": "import", "sha256": "SHA-256"}  # as the log is read
CLOCK = 1  # days that a clock may have been put back
_lock = threading.Lock()
# Of its own, so that a slow disk does not keep other work from the event loop's threads.
_writer = ThreadPoolExecutor(1, thread_name_prefix="audit")


class Event(StrEnum):
    """What somebody did, or what was done to them."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    REFUSED = "refused"
    REVOKED = "revoked"
    FILE_BEGAN = "file began"
    FILE_LEFT = "file left"
    FILE_BROKE_OFF = "file broke off"
    CODE_SEARCHED = "code searched"
    LIST_CHECKED = "list checked"
    CODES_REVEALED = "codes revealed"
    QUERY_RUN = "query run"
    IMPORT_BEGAN = "import began"
    IMPORTED = "imported"
    IMPORT_REFUSED = "import refused"
    TAKEN_BACK = "taken back"
    SAMPLE_CLEARED = "sample cleared"
    BACKUP = "backup"
    REBUILT = "rebuilt"
    MOVED = "moved"
    NOT_DONE = "not done"


class NotRecorded(Refused):
    """The log cannot be written, so what it would record must not happen."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the audit log cannot be written: {reason}.")


@dataclass(frozen=True)
class Choice:
    """Which entries are wanted; what is empty or None chooses all. Days are this computer's."""

    events: frozenset[str] = frozenset()
    who: str = ""  # a part of the name, in any case
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""  # a part of the line, in any case
    digest: str = ""  # or, instead of the text, the digest of a code that was searched


def record(store: Path, event: Event, who: str, /, **facts: object) -> None:
    """Add a line; returns when it is on the disk. Raises NotRecorded. Never pass a code.

    Not on the event loop, which it would block: use record_async() there.
    """
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = {"number": 0, "time": now, "event": str(event), "who": who, "facts": facts}
    try:
        with _lock:
            audit_chain.append(store, entry)
    except OSError as error:
        raise NotRecorded(why(error, store.resolve().parent)) from None


async def record_async(store: Path, event: Event, who: str, /, **facts: object) -> None:
    """record() for the event loop."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_writer, lambda: record(store, event, who, **facts))


@contextmanager
def recorded(store: Path, event: Event, who: str, /, **facts: object) -> Iterator[None]:
    """Record that the block is carried out, before it begins, and afterwards if it failed.

    Raises NotRecorded, before the block, where the log cannot be written.
    """
    record(store, event, who, **facts)
    try:
        yield
    except BaseException:
        with suppress(NotRecorded):  # the reason of the block is the one to tell
            record(store, Event.NOT_DONE, who, what=str(event), **facts)
        raise


def command_user() -> str:
    """The name under which the log has what a command does."""
    try:
        return f"a command of {getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"a command of user {os.getuid()}"


def entries(store: Path, choice: Choice = Choice()) -> Iterator[Entry]:
    """The entries of the log, the latest first, read as far as the caller goes on.

    Raises OSError. Lines that are no entries are left out; check() says whether a crash tore them.
    """
    log = log_of(store)
    if not log.exists():
        return
    with log.open("rb") as file:
        for line in audit_file.backwards(file):
            entry = parsed(line)
            if entry and _is_before(entry, choice.first_day):
                return
            if entry and _is_chosen(entry, line, choice):
                yield entry


def check(store: Path) -> Check:
    """Whether no line is missing or altered: reads the whole log. Raises OSError."""
    return audit_chain.check(store)


def problem(store: Path) -> str | None:
    """Where the log is not whole, as a sentence; None where no line is missing or altered."""
    return check(store).problem


def facts_in_words(entry: Entry) -> str:
    """What an entry says beside its time, its event and the person."""
    return ", ".join(
        f"{FACTS.get(name, name.replace('_', ' '))}: {_fact_in_words(fact)}"
        for name, fact in entry["facts"].items()
        if fact not in (None, "", [])
    )


def _fact_in_words(fact: object) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, list):
        return " ".join(map(str, fact))
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _is_before(entry: Entry, day: date | None) -> bool:
    """Whether all further entries are of earlier days, as far as a clock can be trusted."""
    return day is not None and day.toordinal() - _day(entry).toordinal() > CLOCK


def _is_chosen(entry: Entry, line: bytes, choice: Choice) -> bool:
    day = _day(entry)
    return (
        (not choice.events or entry["event"] in choice.events)
        and choice.who.casefold() in str(entry["who"]).casefold()
        and (choice.first_day is None or day >= choice.first_day)
        and (choice.last_day is None or day <= choice.last_day)
        and _has_text(line, choice)
    )


def _has_text(line: bytes, choice: Choice) -> bool:
    text = line.decode("utf-8", "replace").casefold()
    return choice.text.casefold() in text or (choice.digest != "" and choice.digest in text)


def _day(entry: Entry) -> date:
    return date.fromisoformat(entry["time"][:10])
