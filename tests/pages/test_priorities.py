"""What no page waits for runs behind what pages wait for. On Linux alone, as priorities are."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from data import owner
from data.store.database import Store
from data.store.priority import LAST, behind_pages, go_last
from queries.downloading.job import DownloadRequest, start
from queries.filters import Filters
from tests.support.exports import read_spool
from tests.support.queries import NOW
from tests.support.server import Server


def priority() -> int:
    """Of this thread; 0 is the usual one, and a higher number goes later."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def priorities_of(process: int) -> list[int]:
    """Of each thread of a process."""
    return [
        os.getpriority(os.PRIO_PROCESS, int(thread.name))
        for thread in Path(f"/proc/{process}/task").iterdir()
    ]


def test_what_goes_last_and_all_that_it_starts_runs_behind_the_thread_that_waits() -> None:
    usual = priority()

    def work() -> tuple[int, int]:
        of_child: list[int] = []
        child = threading.Thread(target=lambda: of_child.append(priority()))
        child.start()
        child.join()
        return priority(), of_child[0]

    assert behind_pages(work) == (LAST, LAST)
    assert priority() == usual < LAST


def test_an_error_of_what_goes_last_reaches_the_thread_that_waits() -> None:
    with pytest.raises(ValueError, match="no such thing"):
        behind_pages(lambda: int("no such thing"))


def test_a_process_that_goes_later_already_is_not_brought_forward() -> None:
    later = LAST + 5
    script = (
        "import os\n"
        "from data.store.priority import go_last\n"
        f"os.setpriority(os.PRIO_PROCESS, 0, {later})\n"
        "go_last()\n"
        "print(os.getpriority(os.PRIO_PROCESS, 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == [str(later)], done.stderr


def test_a_system_that_lets_no_priority_change_lets_the_work_be_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refused)
    assert behind_pages(lambda: "done") == "done"


def test_the_engine_of_the_app_goes_last_and_its_pages_do_not(
    ten_codes: Path, start: Callable[..., Server]
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    server.page()
    found = priorities_of(server.process.pid)
    assert LAST in found
    assert found.count(priority()) >= 2, "the event loop, and the threads of queries"
    assert set(found) == {priority(), LAST}


def test_a_thread_that_opens_the_store_stays_where_it_was(
    ten_codes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_STORE", str(ten_codes))
    usual = priority()
    try:
        with owner.store().cursor() as cursor:
            assert cursor.execute("select count(*) from vouchers.codes").fetchall() == [(10,)]
    finally:
        owner.close()
    assert priority() == usual


def test_the_engine_writes_a_download_behind_pages_and_this_thread_goes_on(loaded: Store) -> None:
    seen: list[int] = []

    def at_first() -> None:
        go_last()
        seen.append(priority())

    request = DownloadRequest("codes", "csv", Filters(), NOW)
    ended = threading.Event()
    started = start(loaded, request, 1, at_first, ended.set)
    assert read_spool(started.spool).count(b"\n") > 1
    assert ended.is_set()
    assert seen == [LAST]
    assert priority() < LAST
