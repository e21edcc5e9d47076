"""Fixtures of tests that take imports back from a lake."""

from pathlib import Path

import pytest

from data.store.lake import lake as lakes
from tests.support.lakes import Replayed, noting_replays


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> Replayed:
    """What a lake replays from now on."""
    return noting_replays(monkeypatch)


@pytest.fixture
def small_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a new store whose lake has files of six rows at most."""
    monkeypatch.setattr(lakes, "MOST_ROWS", 6)
    (tmp_path / "lake").mkdir()
    return tmp_path / "lake" / "vouchers.duckdb"
