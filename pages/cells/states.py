"""What has changed in the data since a notebook ran, and the choice to run it again."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.answers.fetch import fetch
from pages.cells.menu import run_again
from pages.cells.opened import Opened
from pages.cells.running import Running
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped
from queries.filters import Filters
from queries.notebooks.result import Import, imports_in
from queries.notebooks.states import CHANGED, since


def say_what_changed(running: Running) -> None:
    """Say what has come since the notebook's results; offer to run it again, or to keep them."""
    known = running.known
    last = notebooks.last_run(running.who, known.name)
    old = [m for m in running.meanings if (b := running.brought(m)) and b.state != running.state]
    is_same = last is None or last.get("state") == running.state
    # The results of one person may be older than the notebook's last run, by somebody else.
    if known.keeps_state == running.state or (is_same and not old):
        return
    sentence = what_changed(last or {}, running.state, imports_in_force())
    with st.container(horizontal=True, vertical_alignment="center"):
        if not old:
            st.info(
                escaped(f"{sentence} The results below are of the data as they are now."),
                icon=":material/history:",
            )
            return
        st.warning(escaped(sentence), icon=":material/history:")
        st.button(
            "Run again",
            icon=":material/refresh:",
            key="run_since",
            type="primary",
            on_click=lambda: run_again(known, old),
        )
        st.button("Keep these results", key="keep_since", on_click=lambda: _keep(known, running))


def what_changed(last: Mapping[str, Any], state: str, now: Sequence[Import] | None) -> str:
    """What has come since a run that was noted, as far as both of them know the imports."""
    before = last.get("imports")
    if before is None or now is None or last.get("state") == state:
        return CHANGED
    noted = [Import(int(number), str(file)) for number, file in before]
    return since(str(last.get("state")), state, noted, now)


def note_run(running: Running) -> None:
    """Note on which data the notebook has run, once every result is of these."""
    known = running.known
    brought = [running.brought(m) for m in running.meanings if not m.control and not m.problems]
    if not brought or any(one is None or one.state != running.state for one in brought):
        return
    last = notebooks.last_run(running.who, known.name)
    imports = imports_in_force()
    knows_no_more = imports is None or (last or {}).get("imports") is not None
    if last and last.get("state") == running.state and knows_no_more:
        return
    noted = None if imports is None else [list(one) for one in imports]
    notebooks.note_run(running.who, known.name, {"state": running.state, "imports": noted})


def imports_in_force() -> tuple[Import, ...] | None:
    """The imports in force; None for who does not see all rows."""
    if person().access.is_limited:
        return None
    return imports_in(fetch("state_imports", Filters()))


def _keep(known: Opened, running: Running) -> None:
    known.keeps_state = running.state
