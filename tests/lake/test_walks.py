"""Imports on a lake have the same rows, in the same order, as in a store; killed or not."""

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from data.store.database import Store
from data.store.settings import PARQUET
from tests.support.effort import rounds
from tests.support.lakes import held, names_in_force, names_there, on_lake
from tests.support.ledger import Ledger
from tests.support.soundness import assert_sound
from tests.support.stores import opened
from tests.support.walks import Step, assert_holds, execute, memory_folder, random_walk

WALKS = rounds(20, torture=200)
KILLED = rounds(3, torture=20)
CHILDREN = multiprocessing.get_context("forkserver")


def assert_the_same(seed: int, folder: Path) -> None:
    """Do the same steps on a lake and in a store, and compare all tables after each."""
    ledger = Ledger()
    (folder / "lake").mkdir()
    with opened(folder / "vouchers.duckdb") as store:
        lake = Store(folder / "lake" / "vouchers.duckdb", engine=PARQUET)
        try:
            for step in random_walk(random.Random(seed)):
                store = execute(store, step, ledger)
                if step.what == "reopen":
                    lake.close()
                    lake = Store(lake.path, engine=PARQUET)
                else:
                    lake = execute(lake, step, ledger)
                ledger = step.of(ledger)
                assert held(lake) == held(store), f"walk {seed}: after {step}"
                assert_holds(lake, ledger)
                assert_sound(lake)
        finally:
            lake.close()
            store.close()


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_walk_on_a_lake_leaves_the_rows_of_the_same_walk_in_a_store(seed: int) -> None:
    with memory_folder() as folder:
        assert_the_same(seed, folder)


def walk_on(path: Path, steps: list[Step], pipe: Connection) -> None:
    """What the child does until it is killed: report each finished step."""
    ledger = Ledger()
    lake = Store(path, engine=PARQUET)
    pipe.send("open")
    for step in steps:
        lake = execute(lake, step, ledger)
        ledger = step.of(ledger)
        pipe.send("done")
    pipe.send("ended")
    time.sleep(60)


def imports_of(seed: int) -> list[Step]:
    """The steps of a walk that change something."""
    return [step for step in random_walk(random.Random(seed)) if step.what in ("import", "undo")]


@pytest.mark.parametrize("seed", range(KILLED))
def test_a_kill_at_any_moment_leaves_a_whole_step_or_none_and_no_file_of_nobody(
    seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "vouchers.duckdb"
    steps = imports_of(seed)
    ours, theirs = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=walk_on, args=(path, steps, theirs))
    child.start()
    theirs.close()
    ours.recv()
    time.sleep(random.Random(seed).uniform(0, 0.3 * len(steps)))
    child.kill()
    child.join()
    done = 0
    try:
        while ours.recv() == "done":
            done += 1
    except EOFError:
        pass
    # The step that ran may be stored already.
    wanted = [states_after(steps[:count], tmp_path / str(count)) for count in (done, done + 1)]
    with on_lake(path) as lake:
        assert held(lake) in wanted
        assert_sound(lake)
        assert names_there(path) == names_in_force(lake)


def states_after(steps: list[Step], folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a store holds after these steps."""
    folder.mkdir()
    ledger = Ledger()
    with opened(folder / "vouchers.duckdb") as store:
        for step in steps:
            store = execute(store, step, ledger)
            ledger = step.of(ledger)
        return held(store)
