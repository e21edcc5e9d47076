"""Random walks match the model in plain Python, killed or not."""

import multiprocessing
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from data.replay.rebuild import rebuild
from data.replay.undo import undo
from data.store.copying import backup
from data.store.database import Store
from tests.support.effort import rounds
from tests.support.ledger import Ledger, state_of
from tests.support.soundness import assert_sound
from tests.support.stores import all_rows, import_file, opened
from tests.support.walks import Step, assert_holds, execute, memory_folder, open_fast, random_walk

WALKS = rounds(60, torture=2_000)
ONE_IN = 20  # of the walks is killed, and another one compared with other stores
PARTS = 10  # so that a failure is found early, and named by its seed
CHILDREN = multiprocessing.get_context("forkserver")


CHILDREN.set_forkserver_preload(["tests.test_walks"])


def walk(folder: Path, steps: list[Step]) -> Ledger:
    """Walk, and compare after each step."""
    ledger = Ledger()
    store = open_fast(folder / "vouchers.duckdb")
    try:
        for step in steps:
            store = execute(store, step, ledger)
            ledger = step.of(ledger)
            assert_holds(store, ledger)
    finally:
        store.close()
    return ledger


def assert_walk(seed: int) -> None:
    steps = random_walk(random.Random(seed))
    with memory_folder() as folder:
        try:
            walk(folder, steps)
        except AssertionError as error:
            error.add_note(f"Walk {seed}: {', '.join(map(str, steps))}")
            raise


@pytest.mark.parametrize("part", range(PARTS))
def test_a_store_matches_the_model_in_plain_python_after_each_step_of_a_random_walk(
    part: int,
) -> None:
    # The tests below have the other seeds.
    seeds = [seed for seed in range(part, WALKS, PARTS) if seed % ONE_IN not in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(assert_walk, seeds))


@pytest.mark.parametrize("seed", range(1, WALKS, ONE_IN))
def test_after_a_walk_a_rebuilt_a_copied_and_a_fresh_store_are_the_same(
    seed: int, tmp_path: Path
) -> None:
    steps = random_walk(random.Random(seed))
    ledger = walk(tmp_path, steps)
    with opened(tmp_path / "vouchers.duckdb") as store:
        assert_sound(store)
        now = all_rows(store)
        backup(store, tmp_path / "copy.duckdb")
        with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
            assert all_rows(rebuilt) == now
            assert state_of(rebuilt).differences(state_of(store)) == []
        with opened(tmp_path / "copy.duckdb") as copy:
            assert all_rows(copy) == now
    (tmp_path / "fresh").mkdir()
    with opened(tmp_path / "fresh" / "vouchers.duckdb") as fresh:
        for file in ledger.live():
            import_file(fresh, file)
        never = Ledger(tuple(ledger.live()))
        assert state_of(fresh).differences(never.state()) == []


def walk_on(path: Path, steps: list[Step], ledger: Ledger, pipe: Connection) -> None:
    """What the child process does until it is killed: report before and after each step."""
    store = Store(path)
    pipe.send("open")
    for step in steps:
        pipe.send("started")
        store = execute(store, step, ledger)
        ledger = step.of(ledger)
        pipe.send("done")
    pipe.send("ended")
    time.sleep(60)


def walk_and_kill(path: Path, steps: list[Step], ledger: Ledger, wait: float) -> list[str]:
    """Walk in a child process, and kill it after a while. Returns what it reported until then."""
    ours, theirs = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=walk_on, args=(path, steps, ledger, theirs))
    child.start()
    theirs.close()
    reported: list[str] = [ours.recv()]
    time.sleep(wait)
    child.kill()
    child.join()
    try:
        while True:
            reported.append(ours.recv())
    except EOFError:
        return reported


@pytest.mark.parametrize("seed", range(0, WALKS, ONE_IN))
def test_a_walk_that_is_killed_again_and_again_loses_nothing_and_leaves_nothing_half(
    seed: int, tmp_path: Path
) -> None:
    dice = random.Random(seed)
    steps = random_walk(dice)
    path = tmp_path / "vouchers.duckdb"
    ledger = Ledger()
    Store(path).close()
    while steps:
        reported = walk_and_kill(path, steps, ledger, dice.uniform(0, 0.05) * len(steps))
        finished = reported.count("done")
        for step in steps[:finished]:
            ledger = step.of(ledger)
        steps = steps[finished:]
        with opened(path) as store:
            now = state_of(store)
            if reported[-1] == "started" and now != ledger.state():
                ledger = steps.pop(0).of(ledger)  # it was stored before the child could say so
            assert now.differences(ledger.state()) == []
            assert_sound(store)
            if steps:  # one by hand, so that the walk comes to an end
                step = steps.pop(0)
                execute(store, step, ledger).close()
                ledger = step.of(ledger)
    with opened(path) as store:
        assert_holds(store, ledger)
        for import_id in ledger.live_ids()[:1]:
            undo(store, {import_id})
            ledger = ledger.with_undo(import_id)  # which a kill may have kept from being written
        assert_holds(store, ledger)
        with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
            assert all_rows(rebuilt) == all_rows(store)
