"""The numbers of a page come before its charts, and a browser has the time to paint them."""

from types import SimpleNamespace

import pytest

from pages.charts.tile_numbers import TILES
from pages.frame import first_paint
from queries.filters import Filters
from tests.support.server import Server
from tests.support.tab import Tab

CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def pauses(monkeypatch: pytest.MonkeyPatch, agent: str | None, runs: int) -> list[float]:
    """How long the runs of a session pause, for who calls with this User-Agent."""
    found: list[float] = []
    headers = {} if agent is None else {"User-Agent": agent}
    session = SimpleNamespace(session_state={}, context=SimpleNamespace(headers=headers))
    monkeypatch.setattr(first_paint, "st", session)
    monkeypatch.setattr("pages.frame.first_paint.time.sleep", found.append)
    for _ in range(runs):
        first_paint.let_numbers_paint()
    return found


def test_the_first_run_of_a_browser_pauses_and_no_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pauses(monkeypatch, CHROMIUM, runs=3) == [first_paint.PAUSE]


@pytest.mark.parametrize("agent", [None, "", "Python/3.11 websockets/15.0", "curl/8.0"])
def test_no_run_pauses_for_what_paints_nothing(
    monkeypatch: pytest.MonkeyPatch, agent: str | None
) -> None:
    assert pauses(monkeypatch, agent, runs=2) == []


def test_all_tiles_come_to_a_browser_before_the_first_chart(server: Server) -> None:
    # Without a pause Streamlit sends a curve in the place that was kept for it, among the tiles.
    with Tab(server.url, agent=CHROMIUM) as tab:
        tab.look(Filters())
    kinds = [kind for kind, _ in tab.arrived]
    before = kinds[: kinds.index("plotly_chart")]
    assert before.count("metric") >= len(TILES)
