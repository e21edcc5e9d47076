"""A selected row stays the same row, whatever others add above it."""

import ast
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.sources import MODULES, name_of

MAY_SELECT = {
    "pages/tables/selectable.py",
    "pages/tables/batches.py",
    "pages/charts/card.py",
    "pages/tables/codes.py",  # columns, by their names
    "pages/tables/redemptions.py",
    "pages/checking/verdicts.py",
    "pages/checks/found_rows.py",
    "pages/pivoting/panel.py",
    "pages/stories/children.py",
}


def a_table() -> None:
    """A page of its own, as Streamlit runs it."""
    import pandas as pd
    import streamlit as st

    from pages.tables import selectable

    ids = st.session_state.get("ids", ["b", "a"])
    frame = pd.DataFrame({"name": ids})
    if "click" in st.session_state:
        widget = selectable._widget_key("rows", st.session_state["drawn"])
        row = st.session_state.pop("click")
        st.session_state["clicked"] = {"selection": {"rows": [row] if row is not None else []}}
        selectable._remember("rows", "clicked", st.session_state["drawn"])
        st.text(f"widget {widget}")
    st.session_state["drawn"] = ids
    st.text(f"selected {selectable.select_row(frame, ids, 'rows', {}, 'Rows')}")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    # AppTest puts its script there, and child processes of other tests would import it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return AppTest.from_function(a_table).run()


def test_a_selection_is_kept_by_the_rows_id_and_not_by_its_place(app: AppTest) -> None:
    assert app.text[-1].value == "selected None"
    app.session_state["click"] = 1
    assert app.run().text[-1].value == "selected a"
    app.session_state["ids"] = ["c", "b", "a"]
    assert app.run().text[-1].value == "selected a"
    app.session_state["ids"] = ["c", "b"]
    assert app.run().text[-1].value == "selected None"
    app.session_state["ids"] = ["b", "a"]
    assert app.run().text[-1].value == "selected a"


def test_a_selection_is_taken_back(app: AppTest) -> None:
    app.session_state["click"] = 0
    assert app.run().text[-1].value == "selected b"
    app.session_state["click"] = None
    assert app.run().text[-1].value == "selected None"


def test_few_modules_take_selections() -> None:
    selecting = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(Path(path).read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "on_select"
    }
    assert selecting <= MAY_SELECT
