"""Imports on a lake have the same rows, in the same order, as in a store; killed or not."""

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from data.store.database import Store
from data.store.lake import lake as lakes
from data.store.settings import PARQUET
from tests.support.effort import rounds
from tests.support.lakes import (
    Replayed,
    assert_within_bounds,
    held,
    names_of,
    names_there,
    on_lake,
)
from tests.support.ledger import Ledger
from tests.support.near import HandBack, StandIn
from tests.support.soundness import assert_sound
from tests.support.stores import opened
from tests.support.walks import (
    Step,
    assert_holds,
    execute,
    memory_folder,
    random_file,
    random_walk,
)

WALKS = rounds(20, torture=200)
BACK = rounds(4, torture=40)
NEAR = rounds(4, torture=100)
KILLED = rounds(3, torture=20)
FILES = (lakes.MOST_ROWS, 2)
CHILDREN = multiprocessing.get_context("forkserver")


def assert_the_same(steps: list[Step], folder: Path, walk: str, replayed: Replayed) -> list[bool]:
    """Do the same steps on a lake and in a store, and compare all tables after each.

    Returns of each import taken back whether it was without a replay of those before it.
    """
    ledger = Ledger()
    short: list[bool] = []
    (folder / "lake").mkdir()
    with opened(folder / "vouchers.duckdb") as store:
        lake = Store(folder / "lake" / "vouchers.duckdb", engine=PARQUET)
        try:
            for step in steps:
                store = execute(store, step, ledger)
                if step.what == "reopen":
                    lake.close()
                    lake = Store(lake.path, engine=PARQUET)
                else:
                    lake = execute(lake, step, ledger)
                ledger = step.of(ledger)
                assert held(lake) == held(store), f"walk {walk}: after {step}"
                assert_holds(lake, ledger)
                assert_sound(lake)
                assert_within_bounds(lake)
                if step.what == "undo":
                    short.append(is_short(step, ledger, replayed))
        finally:
            lake.close()
            store.close()
    return short


def is_short(step: Step, ledger: Ledger, replayed: Replayed) -> bool:
    """Whether the lake has replayed the later imports alone: either these or all, and once."""
    live = ledger.live_ids()
    later = [number for number in live if number > step.import_id]
    on_top, anew = replayed
    assert (on_top, anew) in ((later, []), ([], live))
    is_it = not anew
    on_top.clear()
    anew.clear()
    return is_it


def taking_back(dice: random.Random) -> list[Step]:
    """Some imports, and then newest and older ones taken back between others."""
    steps: list[Step] = []
    ledger = Ledger()
    for what in ["import"] * 4 + ["undo", "import", "undo", "undo", "import", "undo"]:
        if what == "import":
            step = Step("import", random_file(dice))
        else:
            *older, newest = ledger.live_ids()
            step = Step("undo", import_id=dice.choice([newest, *older]))
        steps.append(step)
        ledger = step.of(ledger)
    return steps


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_walk_on_a_lake_leaves_the_rows_of_the_same_walk_in_a_store(
    seed: int, replayed: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:
        monkeypatch.setattr(lakes, "MOST_ROWS", 2)
    with memory_folder() as folder:
        assert_the_same(random_walk(random.Random(seed)), folder, str(seed), replayed)


@pytest.mark.parametrize("seed", range(NEAR))
def test_a_walk_leaves_the_same_rows_where_imports_have_only_those_near_their_files(
    seed: int, replayed: Replayed, hand_back: HandBack
) -> None:
    with memory_folder() as folder:
        stand_in = hand_back(StandIn(folder / "lake" / "vouchers.duckdb"))
        assert_the_same(taking_back(random.Random(seed)), folder, str(seed), replayed)
        assert stand_in.handed_back


@pytest.mark.parametrize("files", FILES, ids=["of all rows", "of two rows"])
def test_walks_take_imports_back_by_replaying_the_later_ones_or_all(
    files: int, replayed: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lakes, "MOST_ROWS", files)
    short: list[bool] = []
    for seed in range(BACK):
        with memory_folder() as folder:
            short += assert_the_same(taking_back(random.Random(seed)), folder, str(seed), replayed)
    assert set(short) == {True, False}


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
        assert names_there(path) == names_of(lake)


def states_after(steps: list[Step], folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a store holds after these steps."""
    folder.mkdir()
    ledger = Ledger()
    with opened(folder / "vouchers.duckdb") as store:
        for step in steps:
            store = execute(store, step, ledger)
            ledger = step.of(ledger)
        return held(store)
