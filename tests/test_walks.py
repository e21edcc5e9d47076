"""Random walks: whatever people do one after the other, a store holds what plain Python says."""

import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from data.backup import backup
from data.importing.scope import Scope
from data.replay.rebuild import rebuild
from data.replay.undo import undo
from data.store.database import Store
from tests.files import Row, code, transaction
from tests.model import File, Ledger, brought_in, everything, exported, told
from tests.test_imports import TIMES, Made, assert_sound

WALKS = 2_000 if os.environ.get("TORTURE") else 200
STEPS = (3, 5)
ONE_IN = 20  # of the walks is killed, and another one compared with other stores
PARTS = 10  # so that a failure is found early, and told by its seed
TEXTS = ["A1", "A1", "A2", "a1", "0A"]
IN_MEMORY = Path("/dev/shm")
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.test_walks"])


@dataclass(frozen=True)
class Step:
    """One thing that somebody does."""

    what: str  # import, undo, export or reopen
    file: File | None = None
    import_id: int = 0

    def of(self, ledger: Ledger) -> Ledger:
        """What the step makes of what is there."""
        if self.file:
            return ledger.with_import(self.file)
        return ledger.with_undo(self.import_id) if self.what == "undo" else ledger

    def __str__(self) -> str:
        return " ".join(map(str, [self.what, self.file or self.import_id or ""])).strip()


# A walk, all of it from its seed.


def a_code(dice: random.Random) -> Row:
    return code(
        dice.choice(TEXTS),
        dice.choice(["Email", "Email", "SMS"]),
        start=dice.choice(TIMES),
        expiry=dice.choice(TIMES),
        kind=dice.choice(["Item", "Item", "Discount", ""]),
        quantity=dice.choice(["1", "6", ""]),
        item=dice.choice(["10000056168", "", "Café"]),
        parent=dice.choice(["", "", "P1"]),
        redeemed=dice.choice([*TIMES, "", ""]),
    )


def a_transaction(dice: random.Random) -> Row:
    return transaction(
        dice.randint(1, 7),
        dice.choice(TEXTS),
        dice.choice(["Email", "Email", "SMS", ""]),
        time=dice.choice(TIMES[:-1]),
        campaign=dice.choice(["", "", "C1"]),
        site=dice.choice(["Site001", "Café", ""]),
        cancelled=dice.choice(["No", "Yes"]),
        deleted=dice.choice(["No", "No", "Yes"]),
    )


def a_scope(dice: random.Random) -> Scope:
    return Scope(
        dice.choice([None, "May", "June"]), dice.choice([None, "ZZ"]), dice.choice([None, "7"])
    )


def a_file(dice: random.Random) -> File:
    kind = dice.choice(["codes", "transactions"])
    a_row = a_code if kind == "codes" else a_transaction
    return File(
        name=dice.choice([f"{kind}.csv", f"{kind}_2016-01-0{dice.randint(1, 9)}.csv"]),
        made=Made(kind, [a_row(dice) for _ in range(dice.randint(1, 9))], a_scope(dice)),
        encoding=dice.choice(["utf-8", "utf-8", "windows-1252"]),
        line_end=dice.choice(["\n", "\n", "\r\n"]),
    )


def a_walk(dice: random.Random) -> list[Step]:
    steps: list[Step] = []
    ledger = Ledger()
    for _ in range(dice.randint(*STEPS)):
        ways = ["import"] if not ledger.files else (
            ["import"] * 5 + ["again"] * 2 + ["undo"] * 4 + ["export", "reopen"]
        )  # fmt: skip
        what = dice.choice(ways)
        if what == "undo" and (ids := ledger.live_ids()):
            step = Step("undo", import_id=dice.choice(ids))
        elif what == "again":
            step = Step("import", dice.choice(ledger.files))
        elif what in ("export", "reopen"):
            step = Step(what)
        else:
            step = Step("import", a_file(dice))
        steps.append(step)
        ledger = step.of(ledger)
    return steps


# Walking it.


def done(store: Store, step: Step, ledger: Ledger) -> Store:
    """Do a step. Returns the store, which is another one after it was reopened."""
    if step.what == "undo":
        undo(store, {step.import_id})
    elif step.file:
        imported = brought_in(store, step.file)
        assert imported.import_id == len(ledger.files) + 1
    elif step.what == "export":
        for kind in ("codes", "transactions"):
            assert exported(store, kind) == ledger.exported(kind)
    else:
        store.close()
        return opened(store.path)
    return store


def opened(path: Path) -> Store:
    """A store that is faster for a few rows."""
    store = Store(path)
    with store.cursor() as cursor:
        cursor.execute("set global threads = 1")
    return store


def assert_holds(store: Store, ledger: Ledger) -> None:
    assert told(store).unlike(ledger.state()) == []


@contextmanager
def a_folder() -> Iterator[Path]:
    """In memory, where there is room: a walk is a matter of milliseconds."""
    where = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as directory:
        yield Path(directory)


def walk(folder: Path, steps: list[Step]) -> Ledger:
    """Walk, and compare after each step."""
    ledger = Ledger()
    store = opened(folder / "vouchers.duckdb")
    try:
        for step in steps:
            store = done(store, step, ledger)
            ledger = step.of(ledger)
            assert_holds(store, ledger)
    finally:
        store.close()
    return ledger


def assert_walk(seed: int) -> None:
    steps = a_walk(random.Random(seed))
    with a_folder() as folder:
        try:
            walk(folder, steps)
        except AssertionError as error:
            error.add_note(f"Walk {seed}: {', '.join(map(str, steps))}")
            raise


@pytest.mark.parametrize("part", range(PARTS))
def test_a_store_holds_after_each_step_of_a_random_walk_what_plain_python_says(
    part: int,
) -> None:
    # The others go on below.
    seeds = [seed for seed in range(part, WALKS, PARTS) if seed % ONE_IN not in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(assert_walk, seeds))


@pytest.mark.parametrize("seed", range(1, WALKS, ONE_IN))
def test_after_a_walk_a_rebuilt_a_copied_and_a_fresh_store_are_the_same(
    seed: int, tmp_path: Path
) -> None:
    steps = a_walk(random.Random(seed))
    ledger = walk(tmp_path, steps)
    with closing(Store(tmp_path / "vouchers.duckdb")) as store:
        assert_sound(store)
        now = everything(store)
        backup(store, tmp_path / "copy.duckdb")
        with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
            assert everything(rebuilt) == now
            assert told(rebuilt).unlike(told(store)) == []
        with closing(Store(tmp_path / "copy.duckdb")) as copy:
            assert everything(copy) == now
    (tmp_path / "fresh").mkdir()
    with closing(Store(tmp_path / "fresh" / "vouchers.duckdb")) as fresh:
        for file in ledger.live():
            brought_in(fresh, file)
        never = Ledger(tuple(ledger.live()))
        assert told(fresh).unlike(never.state()) == []


# Killed on the way.


def walks_on(path: Path, steps: list[Step], ledger: Ledger, pipe: Connection) -> None:
    """What the child process does until it is killed: tell before and after each step."""
    store = Store(path)
    pipe.send("open")
    for step in steps:
        pipe.send("begun")
        store = done(store, step, ledger)
        ledger = step.of(ledger)
        pipe.send("done")
    pipe.send("ended")
    time.sleep(60)


def killed(path: Path, steps: list[Step], ledger: Ledger, wait: float) -> list[str]:
    """Walk in a child process, and kill it after a while. Returns what it told until then."""
    ours, theirs = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=walks_on, args=(path, steps, ledger, theirs))
    child.start()
    theirs.close()
    said: list[str] = [ours.recv()]
    time.sleep(wait)
    child.kill()
    child.join()
    try:
        while True:
            said.append(ours.recv())
    except EOFError:
        return said


@pytest.mark.parametrize("seed", range(0, WALKS, ONE_IN))
def test_a_walk_that_is_killed_again_and_again_loses_nothing_and_halves_nothing(
    seed: int, tmp_path: Path
) -> None:
    dice = random.Random(seed)
    steps = a_walk(dice)
    path = tmp_path / "vouchers.duckdb"
    ledger = Ledger()
    Store(path).close()
    while steps:
        said = killed(path, steps, ledger, dice.uniform(0, 0.05) * len(steps))
        finished = said.count("done")
        for step in steps[:finished]:
            ledger = step.of(ledger)
        steps = steps[finished:]
        with closing(Store(path)) as store:
            now = told(store)
            if said[-1] == "begun" and now != ledger.state():
                ledger = steps.pop(0).of(ledger)  # it was stored before the child could say so
            assert now.unlike(ledger.state()) == []
            assert_sound(store)
            if steps:  # one by hand, so that the walk comes to an end
                step = steps.pop(0)
                done(store, step, ledger).close()
                ledger = step.of(ledger)
    with closing(Store(path)) as store:
        assert_holds(store, ledger)
        for import_id in ledger.live_ids()[:1]:
            undo(store, {import_id})
            ledger = ledger.with_undo(import_id)  # which a kill may have kept from being written
        assert_holds(store, ledger)
        with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
            assert everything(rebuilt) == everything(store)
