"""A killed import leaves all of itself or nothing."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from data.importing.pipeline import load
from tests.support.commands import run_load
from tests.support.paths import ROOT
from tests.support.rows import SECRET, Code, codes_file
from tests.support.stores import opened
from tests.support.weeks import (
    ROUNDS,
    Week,
    assert_originals_are_whole,
    files_beside,
    load_command,
    store_state,
)


def kill_during(path: Path, file: Path, when: Callable[[subprocess.Popen[bytes]], None]) -> bytes:
    """Import by the command, and kill it. Returns what it had printed by then."""
    process = subprocess.Popen(
        load_command(path, file),
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    when(process)
    process.kill()
    return process.communicate()[0]


def after_seconds(seconds: float) -> Callable[[subprocess.Popen[bytes]], None]:
    """So many seconds after its start."""
    return lambda process: time.sleep(seconds)


def when_there_is(path: Path) -> Callable[[subprocess.Popen[bytes]], None]:
    """As soon as there is such a file, or a moment later."""

    def wait(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and not list(path.parent.glob(path.name)):
            time.sleep(0.0005)
        time.sleep(random.choice([0, random.uniform(0, 0.05)]))

    return wait


def assert_all_or_nothing(path: Path, week: Week, printed: bytes, moment: str) -> bool:
    """The store opens, is as before or as after, and imports the file. Returns whether as after."""
    with opened(path) as store:
        found = store_state(store)
        is_done = found == week.after
        assert is_done or found == week.before, f"half an import after a kill {moment}"
        assert is_done or b" new, " not in printed, f"a finished import is lost {moment}"
        assert_originals_are_whole(store)
        again = load(store, week.file)
        now = store_state(store)
        assert now["numbers"] == week.after["numbers"]
        assert now["codes"] == week.after["codes"]
        assert (again.unchanged == again.rows) if is_done else (now == week.after), moment
        assert_originals_are_whole(store)
    return is_done


def test_a_kill_at_any_moment_of_an_import_loses_nothing_and_leaves_nothing_half(
    large: Week, tmp_path: Path
) -> None:
    for number in range(ROUNDS):
        path = large.copy_to(tmp_path / str(number))
        seconds = random.uniform(0, large.took)
        printed = kill_during(path, large.file, after_seconds(seconds))
        assert_all_or_nothing(path, large, printed, f"after {seconds:.3f} s")
        shutil.rmtree(path.parent)


def test_a_kill_while_an_import_is_committed_loses_nothing_and_leaves_nothing_half(
    large: Week, tmp_path: Path
) -> None:
    for number in range(ROUNDS // 4):
        path = large.copy_to(tmp_path / str(number))
        log = path.with_name("vouchers.duckdb.wal")
        printed = kill_during(path, large.file, when_there_is(log))
        size = log.stat().st_size if log.exists() else 0
        assert_all_or_nothing(path, large, printed, f"with {size:,} bytes in the log")
        shutil.rmtree(path.parent)


def test_a_kill_while_a_store_is_created_needs_no_repair(tmp_path: Path) -> None:
    file = codes_file(tmp_path / "codes.csv", Code(f"{SECRET}1"))
    for number in range(ROUNDS // 4):
        path = tmp_path / f"{number}.duckdb"
        kill_during(path, file, when_there_is(path))
        done = run_load(path, file)
        assert (done.returncode, done.stderr.count(str(path))) == (0, 0), done.stderr
        with opened(path) as store:
            assert store_state(store)["codes"][0][0] == 1


def test_what_a_killed_import_left_half_written_is_cleared_at_the_next_start(
    large: Week, tmp_path: Path
) -> None:
    path = large.copy_to(tmp_path / "killed")
    part = path.with_name("vouchers.originals") / ".*.part"
    for _ in range(50):
        kill_during(path, large.file, when_there_is(part))
        if list(part.parent.glob(part.name)):
            break
    else:
        raise AssertionError("No kill came while an original was being kept.")
    with opened(path) as store:
        assert not [name for name in files_beside(store) if name.endswith(".part")]
        assert store_state(store) in (large.before, large.after)
