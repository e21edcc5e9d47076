"""Fixtures of tests that import into a lake, and take imports back from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.lake import lake as lakes
from data.store.lake import near
from tests.support.lakes import Replayed, noting_replays
from tests.support.near import HandBack, StandIn


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


@pytest.fixture
def hand_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandBack]:
    """Has a stand-in for a cluster hand rows back to imports, however few there are."""
    monkeypatch.setattr(near, "READ_HERE", -1)

    def use(stand_in: StandIn) -> StandIn:
        near.use(stand_in.as_cluster())
        return stand_in

    yield use
    near.use(None)
