"""All checks with their counts, found one after another, and the one that is selected."""

import time

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.checks.thresholds import Thresholds
from pages.frame.pin import pin_button
from pages.frame.url_state import chosen
from pages.tables.checks import CHECKS
from pages.tables.columns import EVERY_CHECK
from pages.tables.selectable import select_row
from pages.text.numbers import plural
from queries.notebooks.pinning import Pin

PATIENCE = 0.4  # seconds without a bar
STOPPED = "_checks_stopped"  # the view whose counting was stopped


def every_check(thresholds: Thresholds) -> tuple[dict[str, int], str | None]:
    """Draw the checks. Returns how often each fires, and the name of the selected one.

    Each count is a query of its own, shared and kept as all are, so that the next one waits for
    none of them.
    """
    counts = _counts(thresholds)
    fires = sum(1 for count in counts.values() if count)
    st.caption(
        f"{plural(fires, 'check')} of {len(CHECKS)} found something. Suspicion is not proof: each "
        "says what would be innocent. Select one to see its rows."
    )
    checks = sorted(CHECKS, key=lambda check: not counts[check.name])  # what found nothing: last
    frame = pd.DataFrame(
        {
            "title": [check.title for check in checks],
            "rows": [counts[check.name] for check in checks],
            "meaning": [check.meaning for check in checks],
            "innocent": [check.innocent for check in checks],
        }
    )
    selected = select_row(
        frame,
        [check.name for check in checks],
        "rows_checks",
        EVERY_CHECK,
        "All checks, one per row",
        parameter="check",
        height="content",
    )
    title = "What is worth a look"
    pin_button(Pin("chart", "to_check", "to_check", title, thresholds))
    return counts, None if selected is None else str(selected)


def _counts(thresholds: Thresholds) -> dict[str, int]:
    view = repr((chosen(), thresholds))
    if st.session_state.get(STOPPED) == view:
        st.info("The counting was stopped.", icon=":material/pause_circle:")
        st.button("Count again", on_click=lambda: st.session_state.pop(STOPPED))
        st.stop()
    counts: dict[str, int] = {}
    place, began = st.empty(), time.monotonic()
    for done, check in enumerate(CHECKS):
        if time.monotonic() - began > PATIENCE:
            _progress(place.container(), done, check.title, view)
        found = fetch("to_check_count", chosen(), check=check.name, **thresholds)
        counts[check.name] = int(found["rows"][0])
    place.empty()
    return counts


def _progress(place: st.delta_generator.DeltaGenerator, done: int, title: str, view: str) -> None:
    with place, st.container(horizontal=True, vertical_alignment="center"):
        st.progress(done / len(CHECKS), f"{done} of {len(CHECKS)} counted; now: {title}")
        st.button(
            "Stop",
            icon=":material/stop_circle:",
            key=f"stop_checks_{done}",
            on_click=lambda: st.session_state.update({STOPPED: view}),
        )
