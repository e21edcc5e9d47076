"""A page is drawn again for the alerts of notebooks only where it shows something else."""

from collections.abc import Callable

import pytest
import streamlit as st

from pages.cells import alert_badges, alerts
from pages.cells.alert_badges import rerun_when_checked
from pages.cells.alert_checks import Looked
from queries.notebooks.alerts import Checked

FIRED = {"Monday": Checked(fired=("week: net is 2, above 1",))}
QUIET: dict[str, Checked] = {}
Ends = Callable[[str, Looked, list[Looked]], str]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Ends:
    """How the end of a page is drawn: ends(page, what it shows, what is known from then on)."""

    def ended(page: str, shown: Looked, later: list[Looked]) -> str:
        drawn = []
        looks = iter(later)
        last = later[-1]
        monkeypatch.setattr(alert_badges, "page", lambda: page)
        monkeypatch.setattr(alerts, "looked", lambda: next(looks, last))
        monkeypatch.setattr(st, "rerun", lambda: drawn.append("again"))
        monkeypatch.setattr(alert_badges, "_look_again", lambda: drawn.append("looks"))
        rerun_when_checked(shown)
        return " ".join(drawn)

    return ended


@pytest.mark.parametrize(
    ("page", "shown", "later", "drawn"),
    [
        ("notebook", Looked(QUIET), [Looked(QUIET)], ""),
        # A notebook without alerts was changed while the page was drawn.
        ("notebook", Looked(QUIET), [Looked(QUIET, is_done=False), Looked(QUIET)], ""),
        ("", Looked(QUIET, is_done=False), [Looked(FIRED)], "again"),
        ("", Looked(QUIET), [Looked(QUIET, is_done=False), Looked(FIRED)], "again"),
        # This page says that they are being checked.
        ("imports", Looked(QUIET, is_done=False), [Looked(QUIET)], "again"),
        ("", Looked(QUIET), [Looked(QUIET, is_done=False)], "looks"),
    ],
)
def test_a_page_is_drawn_again_where_its_alerts_are_others(
    ends: Ends, page: str, shown: Looked, later: list[Looked], drawn: str
) -> None:
    assert ends(page, shown, later) == drawn
