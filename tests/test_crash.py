"""Whatever kills an import, fills the disk or spoils the store: yesterday's numbers stay right."""

import contextlib
import multiprocessing
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.importing.pipeline import load
from data.importing.preview import preview
from data.importing.progress import Stop
from data.store import originals
from data.store.database import Store
from data.store.errors import Refused, StoreBusy, StoreUnavailable
from queries.filters import Filters
from queries.engine.totals import run
from tests.conftest import ROOT
from tests.files import CODES, Row, code, codes_file, csv_bytes, transaction, transactions_file

NOW = datetime(2016, 2, 10)
ROUNDS = 200 if os.environ.get("TORTURE") else 20
SECRET = "QZ7"  # begins every code here
NO_LIMIT = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
State = dict[str, Any]

# Everything that an import writes, but for the clock.
TABLES = {
    "codes": "from (select * from vouchers.codes) as row",
    "transactions": "from vouchers.transactions as row",
    "changes": "from vouchers.changes as row",
    "warnings": "from vouchers.warnings as row",
    "imports": "from (select * exclude (imported_at) from vouchers.imports) as row",
}


def state(store: Store) -> State:
    """What the store holds: rows and a sum over all their values, and the numbers of the page."""
    with store.cursor() as cursor:
        found: State = {
            name: cursor.execute(f"select count(*), sum(hash(row)) {rows}").fetchall()
            for name, rows in TABLES.items()
        }
        found["numbers"] = run(cursor, "numbers", Filters(), NOW).to_csv()
    return found


def assert_originals_are_whole(store: Store) -> None:
    """Each import's original is there and has its SHA-256."""
    with store.cursor() as cursor:
        named = cursor.execute("select distinct sha256 from vouchers.imports").fetchall()
    for (sha256,) in named:
        originals.restore(store.originals, sha256, store.scratch / "original.csv")
    (store.scratch / "original.csv").unlink(missing_ok=True)


def files_beside(store: Store) -> list[str]:
    """What lies in the folders of the store, by name."""
    folders = (store.originals, store.scratch)
    return sorted(path.name for folder in folders for path in folder.rglob("*") if path.is_file())


def assert_a_sentence(said: str) -> None:
    """Words for people: no code of a voucher, no traceback, no name of an exception."""
    assert said.strip()
    assert SECRET not in said
    assert "Traceback" not in said
    assert not re.search(r"[a-z](Exception|Error)\b", said), said
    assert said.rstrip().endswith(".")


def reopened(path: Path) -> contextlib.closing[Store]:
    return contextlib.closing(Store(path))


@dataclass(frozen=True)
class Week:
    """A store of last week and this week's file, which changes it from `before` to `after`."""

    store: Path
    file: Path
    before: State
    after: State
    took: float  # seconds that the command needs

    def copy_to(self, folder: Path) -> Path:
        """The store of last week, with its originals, in a folder of its own."""
        folder.mkdir()
        shutil.copytree(self.store.with_name("vouchers.originals"), folder / "vouchers.originals")
        return Path(shutil.copy(self.store, folder / "vouchers.duckdb"))


def one_code(number: int, this_week: bool) -> Row:
    redeemed = "18/01/2016 19:42" if number % (2 if this_week else 3) == 0 else ""
    item = str(number * 7919 % 1_000_003) if this_week else "10000056168"
    return code(f"{SECRET}{number:07}", item=item, redeemed=redeemed)


def a_week(folder: Path, known: int, changed: int, new: int) -> Week:
    """Last week has `known` codes; this week's file changes some of them and brings new ones."""
    sold = [transaction(n, f"{SECRET}{n * 5:07}", time="20/01/2016 10:00") for n in range(500)]
    last = codes_file(folder / "last.csv", *(one_code(n, False) for n in range(known)))
    some = range(known - changed, known + new)
    file = codes_file(folder / "this.csv", *(one_code(n, True) for n in some))
    path = folder / "last" / "vouchers.duckdb"
    with reopened(path) as store:
        load(store, last)
        load(store, transactions_file(folder / "sold.csv", *sold))
        before = state(store)
    week = Week(path, file, before, {}, 0)
    after = week.copy_to(folder / "after")
    began = time.monotonic()
    assert command(after, file).returncode == 0
    took = time.monotonic() - began
    with reopened(after) as store:
        return Week(path, file, before, state(store), took)


def words(store: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "data.load", "--store", str(store), *map(str, arguments)]


def command(
    store: Path, *arguments: object, disk: int = NO_LIMIT
) -> subprocess.CompletedProcess[str]:
    """Run `python -m data.load` as people do; no file may grow beyond `disk` bytes."""
    return subprocess.run(
        words(store, *arguments),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        preexec_fn=lambda: limit_to(disk),
    )


def limit_to(disk: int) -> None:
    """What would grow a file beyond this fails from now on, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (disk, NO_LIMIT))


# Kill -9.


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """An import of less than half a second, and as much again until it begins."""
    return a_week(tmp_path_factory.mktemp("large"), known=20_000, changed=10_000, new=45_000)


def killed(path: Path, file: Path, when: Callable[[subprocess.Popen[bytes]], None]) -> bytes:
    """Import by the command, and kill it. Returns what it had printed by then."""
    process = subprocess.Popen(
        words(path, file),
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    when(process)
    process.kill()
    return process.communicate()[0]


def after(seconds: float) -> Callable[[subprocess.Popen[bytes]], None]:
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
    """The store opens and is as before or as after, and takes the file. Returns whether after."""
    began = time.monotonic()
    with reopened(path) as store:
        found = state(store)
        assert time.monotonic() - began < 10
        is_done = found == week.after
        assert is_done or found == week.before, f"half an import after a kill {moment}"
        assert is_done or b" new, " not in printed, f"a finished import is lost {moment}"
        assert_originals_are_whole(store)
        again = load(store, week.file)
        now = state(store)
        assert now["numbers"] == week.after["numbers"]
        assert now["codes"] == week.after["codes"]
        assert (again.unchanged == again.rows) if is_done else (now == week.after), moment
        assert_originals_are_whole(store)
    return is_done


def test_a_kill_at_any_moment_of_an_import_loses_nothing_and_leaves_nothing_half(
    large: Week, tmp_path: Path
) -> None:
    assert large.took < 10
    for number in range(ROUNDS):
        path = large.copy_to(tmp_path / str(number))
        seconds = random.uniform(0, large.took)
        printed = killed(path, large.file, after(seconds))
        assert_all_or_nothing(path, large, printed, f"after {seconds:.3f} s")
        shutil.rmtree(path.parent)


def test_a_kill_while_an_import_is_committed_loses_nothing_and_leaves_nothing_half(
    large: Week, tmp_path: Path
) -> None:
    for number in range(ROUNDS // 4):
        path = large.copy_to(tmp_path / str(number))
        log = path.with_name("vouchers.duckdb.wal")
        printed = killed(path, large.file, when_there_is(log))
        size = log.stat().st_size if log.exists() else 0
        assert_all_or_nothing(path, large, printed, f"with {size:,} bytes in the log")
        shutil.rmtree(path.parent)


def test_a_kill_while_a_store_is_made_needs_no_human(tmp_path: Path) -> None:
    file = codes_file(tmp_path / "codes.csv", code(f"{SECRET}1"))
    for number in range(ROUNDS // 4):
        path = tmp_path / f"{number}.duckdb"
        killed(path, file, when_there_is(path))
        done = command(path, file)
        assert (done.returncode, done.stderr.count(str(path))) == (0, 0), done.stderr
        with reopened(path) as store:
            assert state(store)["codes"][0][0] == 1


def test_what_a_killed_import_left_half_written_is_cleared_at_the_next_start(
    large: Week, tmp_path: Path
) -> None:
    path = large.copy_to(tmp_path / "killed")
    part = path.with_name("vouchers.originals") / ".*.part"
    for _ in range(50):
        killed(path, large.file, when_there_is(part))
        if list(part.parent.glob(part.name)):
            break
    else:
        raise AssertionError("No kill came while an original was being kept.")
    with reopened(path) as store:
        assert not [name for name in files_beside(store) if name.endswith(".part")]
        assert state(store) in (large.before, large.after)


# A full disk: in a process of their own, where no file may grow beyond a limit.


@dataclass(frozen=True)
class Attempt:
    """One import with a limit, and the same one without it."""

    limit: int
    doing: str  # last
    said: str  # by Refused; nothing where it was stored
    escaped: str  # the name of an exception that is no Refused
    is_exact: bool  # afterwards the store holds what it should
    has_log: bool  # stored, but the checkpoint failed
    back: float  # seconds until the store was usable
    again: str  # why the import did not work afterwards

    @property
    def stage(self) -> str:
        """Where it failed, if it did."""
        if self.has_log:
            return "checkpoint"
        return self.doing if self.said or self.escaped else "stored"


@contextlib.contextmanager
def full_disk(limit: int) -> Iterator[None]:
    limit_to(limit)
    try:
        yield
    finally:
        limit_to(NO_LIMIT)


def tried(week: Week, folder: Path, limit: int, memory: str) -> Attempt:
    """Import with a limit and then without, in one process. Runs in a process of its own."""
    os.environ["VOUCHERS_MEMORY"] = memory
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])  # memory goes by the threads
    path = week.copy_to(folder)
    doing: list[str] = []
    said = escaped = again = ""
    with reopened(path) as store:
        with full_disk(limit):
            try:
                load(store, week.file, progress=lambda share, what: doing.append(what))
            except Refused as error:
                said = str(error)
            except Exception as error:
                escaped = type(error).__name__
        log = path.with_name("vouchers.duckdb.wal")
        has_log = not (said or escaped) and log.exists()
        began = time.monotonic()
        is_exact = state(store) == (week.before if said or escaped else week.after)
        try:
            load(store, week.file)
        except Exception as error:
            again = f"{type(error).__name__}: {error}"
        back = time.monotonic() - began
        is_exact = is_exact and state(store)["numbers"] == week.after["numbers"]
        assert_originals_are_whole(store)
    with reopened(path) as store:
        is_exact = is_exact and state(store)["codes"] == week.after["codes"]
    shutil.rmtree(folder)
    return Attempt(limit, doing[-1] if doing else "", said, escaped, is_exact, has_log, back, again)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """Another process, for what must not harm this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


@dataclass(frozen=True)
class Scene:
    """An import, made so that a growing limit meets its stages one after the other."""

    known: int
    changed: int
    new: int
    memory: str
    first: int  # the limit, beside 0 and 50,000, in bytes more than the store has
    step: int
    stages: set[str]


SCENES = {
    # The log outgrows the store: the original fails, then the commit.
    "commit": Scene(20_000, 10_000, 40_000, "4GB", 0, 3_000_000, {"Storing", "stored"}),
    # The store outgrows the log: the commit works, and the checkpoint after it fails.
    "checkpoint": Scene(
        *(150_000, 1_000, 5_000, "4GB", -1_200_000, 400_000),
        {"Storing", "checkpoint", "stored"},
    ),
    # More than fits the memory: what the engine lays aside fails too.
    "spill": Scene(
        *(20_000, 1_000, 180_000, "90MB", 0, 20_000_000),
        {"Storing", "stored"},
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_disk_that_is_full_at_any_stage_is_said_and_harms_nothing(
    tmp_path: Path, elsewhere: ProcessPoolExecutor, scene: str
) -> None:
    made = SCENES[scene]
    week = a_week(tmp_path, made.known, made.changed, made.new)
    size = week.store.stat().st_size
    attempts: list[Attempt] = []
    limits = [0, 50_000, *range(size + made.first, size + 60 * made.step, made.step)]
    for number, limit in enumerate(limits):
        folder = tmp_path / f"attempt{number}"
        attempts.append(elsewhere.submit(tried, week, folder, limit, made.memory).result(120))
        if attempts[-1].stage == "stored":
            break
    failed = [attempt for attempt in attempts if attempt.said or attempt.escaped]
    assert [attempt for attempt in attempts if not attempt.is_exact] == []
    assert [attempt for attempt in attempts if attempt.again or attempt.back > 10] == []
    assert {attempt.stage for attempt in attempts} >= made.stages
    assert [attempt for attempt in failed if attempt.escaped] == []
    for said in {attempt.said for attempt in failed}:
        assert_a_sentence(said)
        assert re.search("disk|room|cannot be kept", said), said


@pytest.mark.parametrize("limit", [0, 100, 5_000, 300_000])
def test_the_command_says_in_one_sentence_that_the_disk_is_full(
    small: Week, tmp_path: Path, limit: int
) -> None:
    path = small.copy_to(tmp_path / "full")
    done = command(path, small.file, disk=limit)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr, done.stderr
    assert_a_sentence(done.stderr)
    assert re.search("disk|room|cannot be kept", done.stderr), done.stderr
    with reopened(path) as store:
        assert state(store) == small.before
    assert command(path, small.file).returncode == 0
    with reopened(path) as store:
        assert state(store) == small.after


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """A store of some row groups, and an import of a moment."""
    return a_week(tmp_path_factory.mktemp("small"), known=150_000, changed=1_000, new=5_000)


def read_while_full(week: Week, folder: Path) -> tuple[bool, list[bool | str], bool]:
    """Let the checkpoint fail, and ask while the disk stays full. In a process of its own."""
    path = week.copy_to(folder)
    with reopened(path) as store:
        reading = store.cursor()  # somebody reads all the time
        reading.execute("from vouchers.codes").fetchmany(1)
        answers: list[bool | str] = []
        with full_disk(week.store.stat().st_size):
            load(store, week.file)
            failed = path.with_name("vouchers.duckdb.wal").exists()
            for _ in range(3):
                try:
                    answers.append(state(store) == week.after)
                except StoreUnavailable as error:
                    answers.append(str(error))
                with contextlib.suppress(Refused, StoreUnavailable):
                    load(store, week.file)
        return failed, answers, state(store)["numbers"] == week.after["numbers"]


def test_the_store_answers_right_also_while_its_checkpoints_fail(
    small: Week, tmp_path: Path, elsewhere: ProcessPoolExecutor
) -> None:
    asked = elsewhere.submit(read_while_full, small, tmp_path / "full")
    failed, answers, is_back = asked.result(60)
    assert failed, "The checkpoint did not fail."
    assert answers[0] is True, answers
    for answer in answers[1:]:  # the import came in once more by then, or did not
        if isinstance(answer, str):
            assert_a_sentence(answer)
    assert is_back


def test_a_store_that_the_engine_has_given_up_opens_again_by_itself(
    small: Week, tmp_path: Path, elsewhere: ProcessPoolExecutor
) -> None:
    # Once more, and this time it is written to at once.
    attempt = elsewhere.submit(
        tried, small, tmp_path / "full", small.store.stat().st_size, "4GB"
    ).result(60)
    assert (attempt.stage, attempt.escaped, attempt.again) == ("checkpoint", "", "")
    assert attempt.is_exact
    assert attempt.back < 10


def recoded_while_full(week: Week, folder: Path) -> list[str]:
    """What looking and importing say where there is no room for a copy. In another process."""
    path = week.copy_to(folder)
    said = []
    with reopened(path) as store:
        for look in (
            lambda: preview(store, week.file, week.file.name, "windows-1252"),
            lambda: load(store, week.file, encoding="windows-1252"),
        ):
            try:
                with full_disk(100_000):
                    look()
            except Refused as error:
                said.append(str(error))
            except OSError as error:
                said.append(f"{type(error).__name__} escaped")
        assert state(store) == week.before
        assert not list(store.scratch.iterdir())
        load(store, week.file, encoding="windows-1252")
    return said


def test_a_disk_that_is_too_full_for_reading_windows_1252_is_said(
    small: Week, tmp_path: Path, elsewhere: ProcessPoolExecutor
) -> None:
    said = elsewhere.submit(recoded_while_full, small, tmp_path / "full").result(60)
    assert len(said) == 2
    for text in said:
        assert "escaped" not in text
        assert_a_sentence(text)
        assert re.search("disk|room", text), text


def test_a_store_that_could_not_be_made_for_want_of_room_is_made_as_soon_as_there_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vouchers.duckdb"
    file = codes_file(tmp_path / "codes.csv", code(f"{SECRET}1"))
    done = command(path, file, disk=1_000)
    assert done.returncode == 1
    assert_a_sentence(done.stderr)
    assert "damaged" not in done.stderr
    again = command(path, file)
    assert again.returncode == 0, again.stderr


# A store that cannot be opened.


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a store."""
    folder = tmp_path_factory.mktemp("good")
    path = folder / "vouchers.duckdb"
    with reopened(path) as store:
        load(store, codes_file(folder / "a.csv", *(one_code(n, True) for n in range(30_000))))
    return path.read_bytes()


def with_a_hole(good: bytes, at: int) -> bytes:
    return good[:at] + bytes(byte ^ 0xFF for byte in good[at : at + 64]) + good[at + 64 :]


def of_version(good: bytes, number: int) -> bytes:
    """The store as another version of the engine would mark it."""
    head = good[8:12] + number.to_bytes(8, "little") + good[20:4096]
    check = 5381
    for at in range(0, len(head), 8):
        check ^= int.from_bytes(head[at : at + 8], "little") * 0xBF58476D1CE4E5B9 % 2**64
    return check.to_bytes(8, "little") + head + good[4096:]


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "zeros": lambda good: bytes(len(good)),
    "cut in its head": lambda good: good[:5_000],
    "damaged in its first head": lambda good: with_a_hole(good, 100),
    "damaged in its second head": lambda good: with_a_hole(good, 4_196),
    "damaged in its third head": lambda good: with_a_hole(good, 8_292),
    "of a newer engine": lambda good: of_version(good, 99_999),
    "of an older engine": lambda good: of_version(good, 1),
    "a text": lambda good: b"Code,Group_Name\n" * 1_000,
    "a zip archive": lambda good: b"PK\x03\x04" + good[4:],
    "a page": lambda good: b"<!DOCTYPE html><html></html>" * 1_000,
}


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder, with its bytes and the time of its last change."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def unavailable(path: Path) -> StoreUnavailable:
    """Why the store cannot be opened; trying has changed no file."""
    before = snapshot(path.parent)
    with pytest.raises(StoreUnavailable) as said:
        Store(path).close()
    assert snapshot(path.parent) == before
    assert_a_sentence(str(said.value))
    assert path.name in str(said.value)
    return said.value


@pytest.mark.parametrize("folder", ["store", "blocks and locks", "version 2"])
@pytest.mark.parametrize("kind", SPOILED)
def test_a_store_that_is_damaged_or_something_else_is_said_to_be_and_left_alone(
    tmp_path: Path, good: bytes, kind: str, folder: str
) -> None:
    path = tmp_path / folder / "vouchers.duckdb"
    path.parent.mkdir()
    path.write_bytes(SPOILED[kind](good))
    said = unavailable(path)
    assert not isinstance(said, StoreBusy), said
    right = "Update|another version" if "engine" in kind else "damaged"
    assert re.search(right, str(said)), said


def test_a_database_of_another_program_is_said_to_be_one_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("create table orders (number integer)")
    assert not isinstance(unavailable(path), StoreBusy)


@pytest.mark.parametrize("table", ["orders", "codes", "imports"])
def test_a_database_of_somebody_elses_is_said_to_be_one_and_left_alone(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(f"create table {table} (number integer)")
    assert "not one that Voucher Explorer made" in str(unavailable(path))


def test_a_store_of_a_newer_voucher_explorer_is_said_to_be_newer_and_left_alone(
    tmp_path: Path, good: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(good)
    with duckdb.connect(str(path)) as db:
        db.execute("update store set schema_version = schema_version + 1")
        db.execute("alter table codes add column colour varchar")
        db.execute("drop table warnings")
    said = str(unavailable(path))
    assert "not one that Voucher Explorer made" not in said
    assert re.search("newer|another version|Update", said), said


def test_a_store_in_the_place_of_a_folder_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "vouchers.duckdb").mkdir()
    assert not isinstance(unavailable(tmp_path / "vouchers.duckdb"), StoreBusy)


def test_a_store_that_another_process_owns_is_said_to_be_in_use_and_left_alone(
    tmp_path: Path, good: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(good)
    hold = "import sys; from data.store.database import Store; from pathlib import Path; s = Store("
    hold += "Path(sys.argv[1])); (s.scratch / 'upload').write_text('x'); print('open', flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{hold}; sys.stdin.read(); s.close()", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdin
        assert owner.stdout
        assert owner.stdout.readline() == b"open\n"
        said = unavailable(path)
        assert isinstance(said, StoreBusy)
        assert "in use" in str(said)
        owner.stdin.close()
        assert owner.wait(10) == 0
    with reopened(path) as store:
        assert state(store)["codes"][0][0] == 30_000


def test_a_store_with_damage_in_its_middle_never_answers_with_the_engines_own_words(
    tmp_path: Path, good: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(with_a_hole(good, 300_000))
    file = codes_file(tmp_path / "codes.csv", *(one_code(n, False) for n in range(100)))
    with reopened(path) as store:
        for _ in range(2):
            with pytest.raises((Refused, StoreUnavailable)) as said:
                load(store, file)
            assert_a_sentence(str(said.value))
            assert "damaged" in str(said.value)


@pytest.mark.parametrize("kind", ["cut", "flipped", "something else"])
def test_a_log_that_a_crash_spoiled_loses_no_import_that_is_in_the_store(
    small: Week, tmp_path: Path, kind: str
) -> None:
    path = small.copy_to(tmp_path / "crashed")
    log = path.with_name("vouchers.duckdb.wal")
    # The checkpoint cannot be written, so that all of the import stands in the log alone.
    assert command(path, small.file, disk=path.stat().st_size).returncode == 0
    whole = log.read_bytes()
    half = len(whole) // 2
    log.write_bytes({"cut": whole[:half], "flipped": with_a_hole(whole, half)}.get(kind, b"x" * 99))
    said: StoreUnavailable | None = None
    try:
        with reopened(path) as store:
            assert state(store) in (small.before, small.after)
    except StoreUnavailable as error:
        said = error
    if said:
        assert_a_sentence(str(said))
        assert kind != "cut", "This one is what a crash leaves: it must need no human."
        assert not isinstance(said, StoreBusy)


# Stop.


def test_a_stop_before_the_beginning_stores_nothing(large: Week, tmp_path: Path) -> None:
    stop = Stop()
    stop.press()
    with reopened(large.copy_to(tmp_path / "stopped")) as store:
        before = files_beside(store)
        with pytest.raises(Refused, match="stopped"):
            load(store, large.file, stop=stop)
        assert state(store) == large.before
        assert files_beside(store) == before


@pytest.mark.parametrize("wait", [0, 0.03], ids=["at once", "a moment later"])
@pytest.mark.parametrize("stage", ["Checking", "Reading", "Storing"])
def test_a_stop_stores_nothing_and_leaves_nothing_behind(
    large: Week, tmp_path: Path, stage: str, wait: float
) -> None:
    stop = Stop()
    said: list[str] = []

    def press_at(share: float, doing: str) -> None:
        if doing == stage and stage not in said:
            threading.Timer(wait, stop.press).start() if wait else stop.press()
        said.append(doing)

    with reopened(large.copy_to(tmp_path / "stopped")) as store:
        before = files_beside(store)
        with pytest.raises(Refused, match="stopped") as stopped:
            load(store, large.file, progress=press_at, stop=stop)
        assert_a_sentence(str(stopped.value))
        assert state(store) == large.before
        after = set(files_beside(store))
        load(store, large.file)
        assert state(store) == large.after
    assert after == set(before)


def test_a_stop_is_heeded_before_the_next_stage_begins(large: Week, tmp_path: Path) -> None:
    # Between two statements the engine has nothing to interrupt; a 10 GB file would go on.
    stop = Stop()
    said: list[str] = []

    def press(share: float, doing: str) -> None:
        said.append(doing)
        if doing == "Reading":
            stop.press()

    path = large.copy_to(tmp_path / "stopped")
    with reopened(path) as store, pytest.raises(Refused, match="stopped"):
        load(store, large.file, progress=press, stop=stop)
    assert "Storing" not in said


def test_a_stop_at_any_moment_stores_all_or_nothing(large: Week, tmp_path: Path) -> None:
    for number in range(ROUNDS // 2):
        stop = Stop()
        with reopened(large.copy_to(tmp_path / str(number))) as store:
            timer = threading.Timer(random.uniform(0, large.took * 0.7), stop.press)
            timer.start()
            said = ""
            try:
                load(store, large.file, stop=stop)
            except Refused as error:
                said = str(error)
            timer.cancel()
            assert "stopped" in said or not said
            assert state(store) == (large.before if said else large.after)
        shutil.rmtree(tmp_path / str(number))


def test_a_refused_file_leaves_nothing_behind(small: Week, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(csv_bytes([CODES, code(f"{SECRET}X"), code(f"{SECRET}Y", expiry="soon")]))
    with reopened(small.copy_to(tmp_path / "refused")) as store:
        before = files_beside(store)
        with pytest.raises(Refused):
            load(store, wrong)
        assert state(store) == small.before
        assert files_beside(store) == before
