"""A stopped or refused import leaves nothing behind."""

import random
import shutil
import threading
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.progress import Stop
from data.store.errors import Refused
from tests.support.rows import CODES, SECRET, Code, csv_bytes
from tests.support.stores import opened
from tests.support.weeks import ROUNDS, Week, assert_a_sentence, files_beside, store_state


def test_a_stop_before_the_beginning_stores_nothing(large: Week, tmp_path: Path) -> None:
    stop = Stop()
    stop.press()
    with opened(large.copy_to(tmp_path / "stopped")) as store:
        before = files_beside(store)
        with pytest.raises(Refused, match="stopped"):
            load(store, large.file, stop=stop)
        assert store_state(store) == large.before
        assert files_beside(store) == before


@pytest.mark.parametrize("wait", [0, 0.03], ids=["at once", "a moment later"])
@pytest.mark.parametrize("stage", ["Checking", "Reading", "Storing"])
def test_a_stop_stores_nothing_and_leaves_nothing_behind(
    large: Week, tmp_path: Path, stage: str, wait: float
) -> None:
    stop = Stop()
    stages: list[str] = []

    def press_at(share: float, doing: str) -> None:
        if doing == stage and stage not in stages:
            threading.Timer(wait, stop.press).start() if wait else stop.press()
        stages.append(doing)

    with opened(large.copy_to(tmp_path / "stopped")) as store:
        before = files_beside(store)
        with pytest.raises(Refused, match="stopped") as stopped:
            load(store, large.file, progress=press_at, stop=stop)
        assert_a_sentence(str(stopped.value))
        assert store_state(store) == large.before
        after = set(files_beside(store))
        load(store, large.file)
        assert store_state(store) == large.after
    assert after == set(before)


def test_a_stop_takes_effect_before_the_next_stage_begins(large: Week, tmp_path: Path) -> None:
    # Between two statements the engine has nothing to interrupt; a 10 GB file would go on.
    stop = Stop()
    stages: list[str] = []

    def press(share: float, doing: str) -> None:
        stages.append(doing)
        if doing == "Reading":
            stop.press()

    path = large.copy_to(tmp_path / "stopped")
    with opened(path) as store, pytest.raises(Refused, match="stopped"):
        load(store, large.file, progress=press, stop=stop)
    assert "Storing" not in stages


def test_a_stop_at_any_moment_stores_all_or_nothing(large: Week, tmp_path: Path) -> None:
    for number in range(ROUNDS // 2):
        stop = Stop()
        with opened(large.copy_to(tmp_path / str(number))) as store:
            timer = threading.Timer(random.uniform(0, large.took * 0.7), stop.press)
            timer.start()
            message = ""
            try:
                load(store, large.file, stop=stop)
            except Refused as error:
                message = str(error)
            timer.cancel()
            assert "stopped" in message or not message
            assert store_state(store) == (large.before if message else large.after)
        shutil.rmtree(tmp_path / str(number))


def test_a_refused_file_leaves_nothing_behind(small: Week, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(csv_bytes([CODES, Code(f"{SECRET}X"), Code(f"{SECRET}Y", expiry="soon")]))
    with opened(small.copy_to(tmp_path / "refused")) as store:
        before = files_beside(store)
        with pytest.raises(Refused):
            load(store, wrong)
        assert store_state(store) == small.before
        assert files_beside(store) == before
