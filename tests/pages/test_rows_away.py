"""A part of a page says that a cluster is asked for its rows, and only then."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pages.frame import rows_away


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_part_says_that_a_cluster_is_asked_for_as_long_as_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch, is_asked: bool
) -> None:
    happened: list[str] = []

    @contextmanager
    def spinner(text: str, *, show_time: bool) -> Iterator[None]:
        happened.append(f"{text}, with its time: {show_time}")
        yield
        happened.append("gone")

    monkeypatch.setattr("pages.frame.rows_away.is_asked", lambda: is_asked)
    monkeypatch.setattr("pages.frame.rows_away.st.spinner", spinner)
    with rows_away.away_shown():
        happened.append("drawn")
    said = ["Asking the cluster, with its time: True", "drawn", "gone"]
    assert happened == (said if is_asked else ["drawn"])
