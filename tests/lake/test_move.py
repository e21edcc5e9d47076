"""`python -m data.move` moves all rows and compares them."""

from pathlib import Path

import pytest

from data import move
from data.store.lake.lake import Lake
from data.store.settings import rows_folder
from data.store.sql import Cursor
from tests.support.commands import run_module
from tests.support.expected import import_fixtures
from tests.support.lakes import held, names_in_force, names_there, on_lake
from tests.support.stores import opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store that holds the fixtures itself."""
    path = tmp_path / "vouchers.duckdb"
    with opened(path) as store:
        import_fixtures(store)
    return path


def test_rows_move_to_the_lake_and_back_in_their_order(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(path) as store:
        wanted = held(store)
    assert move.main(["--to-lake", "--store", str(path)]) == 0
    said = capsys.readouterr().out
    assert "Moved 33 rows to " in said
    assert "VOUCHERS_ENGINE=parquet, or with the address of a cluster" in said
    with on_lake(path) as store:
        assert held(store) == wanted
        assert names_there(path) == names_in_force(store)
    assert move.main(["--to-store", "--store", str(path)]) == 0
    assert "Moved 33 rows into " in capsys.readouterr().out
    assert names_there(path) == set()
    with opened(path) as store:
        assert held(store) == wanted


def test_a_move_that_would_lose_a_row_moves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enter = Lake.enter

    def lossy(lake: Lake, cursor: Cursor) -> None:
        cursor.execute("delete from vouchers.codes where code_id = 1")
        enter(lake, cursor)

    with opened(path) as store:
        wanted = held(store)
    monkeypatch.setattr(Lake, "enter", lossy)
    assert move.main(["--to-lake", "--store", str(path)]) == 1
    assert "Not moved: the rows would not be the same" in capsys.readouterr().err
    assert list(rows_folder(path).iterdir()) == []
    with opened(path) as store:
        assert held(store) == wanted


def test_rows_that_are_there_already_are_not_moved(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert move.main(["--to-store", "--store", str(path)]) == 1
    assert "Not moved: " in capsys.readouterr().err


def test_a_store_in_use_is_not_moved(path: Path) -> None:
    with opened(path):
        done = run_module("data.move", path, "--to-lake")
    assert done.returncode == 1
    assert "in use by another process" in done.stderr


def test_no_store_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert move.main(["--to-lake", "--store", str(tmp_path / "none.duckdb")]) == 1
    assert "There is no store at" in capsys.readouterr().err
