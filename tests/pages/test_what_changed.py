"""What a notebook says has come since its last run is true, whoever ran it."""

import pytest

from pages.cells.states import what_changed
from queries.notebooks.result import Import
from queries.notebooks.states import CHANGED

BOTH = (Import(1, "a.csv"), Import(2, "b.csv"))


def test_the_imports_since_a_run_are_named() -> None:
    last = {"state": "old", "imports": [[1, "a.csv"]]}

    assert what_changed(last, "new", BOTH) == "1 import since (b.csv)."


@pytest.mark.parametrize(
    ("last", "now"),
    [
        ({"state": "old", "imports": None}, BOTH),  # by somebody who does not see all rows
        ({"state": "old", "imports": [[1, "a.csv"]]}, None),
        ({"state": "new", "imports": [[1, "a.csv"]]}, BOTH),  # older are only one's own results
        ({}, BOTH),
    ],
)
def test_where_they_are_not_known_no_import_is_said_to_be_new(
    last: dict[str, object], now: tuple[Import, ...] | None
) -> None:
    assert what_changed(last, "new", now) == CHANGED
