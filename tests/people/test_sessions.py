"""The table of sign-ins: how long they last, and that an ended one stays ended."""

import asyncio
import stat
from pathlib import Path

import pytest

from pages.people.sessions import IDLE, LONGEST, Sessions
from tests.support.loops import in_loop

COOKIE = "a signed cookie"
SIGNED_AT = 1_000_000.0


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = SIGNED_AT

    def __call__(self) -> float:
        return self.now


def table(folder: Path, clock: Clock) -> Sessions:
    return Sessions(lambda: folder / "signed-out.json", clock)


def test_a_sign_in_ends_thirty_minutes_after_its_last_use(tmp_path: Path) -> None:
    clock = Clock()
    sessions = table(tmp_path, clock)
    clock.now += IDLE - 1
    assert sessions.is_open(COOKIE, SIGNED_AT)
    sessions.use(COOKIE)
    clock.now += IDLE - 1
    assert sessions.is_open(COOKIE, SIGNED_AT)
    clock.now += 1
    assert not sessions.is_open(COOKIE, SIGNED_AT)


def test_a_sign_in_ends_after_twelve_hours_however_it_is_used(tmp_path: Path) -> None:
    clock = Clock()
    sessions = table(tmp_path, clock)
    while clock.now < SIGNED_AT + LONGEST - 60:
        assert sessions.is_open(COOKIE, SIGNED_AT)
        sessions.use(COOKIE)
        clock.now += 60
    clock.now = SIGNED_AT + LONGEST
    sessions.use(COOKIE)
    assert not sessions.is_open(COOKIE, SIGNED_AT)


def test_an_ended_sign_in_stays_ended_also_after_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    sessions = table(tmp_path, clock)
    sessions.end(COOKIE)
    assert not sessions.is_open(COOKIE, SIGNED_AT)
    assert sessions.is_open("another cookie", SIGNED_AT)
    assert not table(tmp_path, clock).is_open(COOKIE, SIGNED_AT)


def test_what_is_open_by_a_sign_in_ends_also_where_that_cannot_be_written(tmp_path: Path) -> None:
    async def ended() -> bool:
        sessions = table(tmp_path / "gone", Clock())
        with sessions.watched(COOKIE) as event:
            with pytest.raises(OSError, match="gone"):
                sessions.end(COOKIE)
            await asyncio.sleep(0)
            return event.is_set() and not sessions.is_open(COOKIE, SIGNED_AT)

    assert in_loop(ended())


def test_the_file_of_ended_sign_ins_is_for_its_owner_and_names_no_cookie(tmp_path: Path) -> None:
    table(tmp_path, Clock()).end(COOKIE)
    file = tmp_path / "signed-out.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert COOKIE not in file.read_text("utf-8")


def test_the_file_forgets_sign_ins_that_are_too_old_to_come_back(tmp_path: Path) -> None:
    clock = Clock()
    sessions = table(tmp_path, clock)
    sessions.end(COOKIE)
    size = (tmp_path / "signed-out.json").stat().st_size
    clock.now += LONGEST + 1
    sessions.end("another cookie")
    assert (tmp_path / "signed-out.json").stat().st_size == size


def test_after_a_restart_a_sign_in_counts_as_used_when_it_was_signed(tmp_path: Path) -> None:
    clock = Clock()
    table(tmp_path, clock).use(COOKIE)
    clock.now += IDLE
    assert not table(tmp_path, clock).is_open(COOKIE, SIGNED_AT)


def test_who_watches_a_sign_in_is_told_when_it_is_ended_from_another_thread(
    tmp_path: Path,
) -> None:
    sessions = table(tmp_path, Clock())

    async def watch() -> bool:
        with sessions.watched(COOKIE) as ended, sessions.watched("another") as other:
            await asyncio.to_thread(sessions.end, COOKIE)
            await ended.wait()
            return other.is_set()

    assert in_loop(watch()) is False
