"""Imports, backups and downloads run behind what pages wait for."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from data.store.database import Store
from data.store.priority import BEHIND, LOWEST, behind_pages, go_last
from queries.downloading.job import DownloadRequest
from queries.downloading.job import start as start_download
from queries.filters import Filters
from tests.support.commands import run_load
from tests.support.exports import read_spool
from tests.support.imports_page import exported
from tests.support.queries import NOW
from tests.support.rows import Code, codes_file
from tests.support.server import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only there has a thread its own.")
# Of this process, and of what goes behind pages in it; a higher number goes later.
USUAL = os.getpriority(os.PRIO_PROCESS, 0)
LAST = min(LOWEST, USUAL + BEHIND)


def priority() -> int:
    """Of this thread."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def priorities_of(process: int) -> dict[str, int]:
    """Of the threads of a process, by their IDs."""
    found = {}
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended
            found[thread.name] = os.getpriority(os.PRIO_PROCESS, int(thread.name))
    return found


def test_what_goes_last_and_all_that_it_starts_runs_behind_the_thread_that_waits() -> None:
    def work() -> tuple[int, int]:
        of_child: list[int] = []
        child = threading.Thread(target=lambda: of_child.append(priority()))
        child.start()
        child.join()
        return priority(), of_child[0]

    assert behind_pages(work) == (LAST, LAST)
    assert priority() == USUAL


def test_an_error_of_what_goes_last_reaches_the_thread_that_waits() -> None:
    with pytest.raises(ValueError, match="no such thing"):
        behind_pages(lambda: int("no such thing"))


@pytest.mark.parametrize(("usual", "last"), [(1, 11), (15, 19)])
def test_what_goes_last_goes_behind_its_own_process(usual: int, last: int) -> None:
    script = (
        "import os, threading\n"
        "from data.store.priority import behind_pages\n"
        f"os.setpriority(os.PRIO_PROCESS, 0, {usual})\n"
        "own = lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())\n"
        "print(behind_pages(own), behind_pages(lambda: behind_pages(own)), own())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == [str(last), str(last), str(usual)], done.stderr


def test_with_a_cluster_nothing_goes_last_because_its_threads_stay_for_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VOUCHERS_ENGINE", "sc://host:15002")
    assert behind_pages(priority) == USUAL


def test_a_system_that_lets_no_priority_change_lets_the_work_be_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refused)
    assert behind_pages(lambda: "done") == "done"


def test_the_engine_of_the_app_goes_last_and_leaves_no_other_thread_so_after_imports_and_files(
    ten_codes: Path, tmp_path: Path, start: Callable[..., Server]
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    server.page()
    at_first = priorities_of(server.process.pid)
    of_engine = {thread for thread, found in at_first.items() if found == LAST}
    assert of_engine
    assert set(at_first.values()) == {USUAL, LAST}
    new = codes_file(tmp_path / "new.csv", Code("NEW1"), Code("NEW2"))
    assert run_load(ten_codes, new).returncode == 0
    assert len(exported(server)) == 12
    server.page("codes")
    server.page("notebooks")
    later = priorities_of(server.process.pid)
    assert {thread for thread, found in later.items() if found == LAST} == of_engine


def test_a_store_of_no_pages_keeps_the_engine_where_it_is(tmp_path: Path) -> None:
    before = priorities_of(os.getpid())
    store = Store(tmp_path / "alone.duckdb")
    try:
        fresh = priorities_of(os.getpid()).keys() - before.keys()
        assert {priorities_of(os.getpid())[thread] for thread in fresh} == {USUAL}
    finally:
        store.close()


def test_the_engine_writes_a_download_behind_pages_and_this_thread_goes_on(loaded: Store) -> None:
    seen: list[int] = []

    def before_writing() -> None:
        go_last()
        seen.append(priority())

    request = DownloadRequest("codes", "csv", Filters(), NOW)
    ended = threading.Event()
    started = start_download(loaded, request, 1, before_writing, ended.set)
    assert read_spool(started.spool).count(b"\n") > 1
    assert ended.is_set()
    assert seen == [LAST]
    assert priority() == USUAL
