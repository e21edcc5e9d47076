"""Alerts on the screen: in the sidebar, beside each notebook, and after an import."""

import time
from contextlib import suppress

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.cells import alerts
from pages.cells.alert_checks import Looked
from pages.cells.opening import address_of
from pages.frame.fragments import unavailable_shown
from pages.frame.url_state import page
from pages.text.escape import escaped
from pages.text.numbers import plural
from queries.notebooks.alerts import Checked

WARNING, UNKNOWN = ":material/warning:", ":material/help:"
MOST = 3  # sentences of a notebook that are shown
MOST_NOTEBOOKS = 6  # that the page of imports names
EVERY = "1s"  # how often a page looks whether the checks have ended
SOON, STEP = 0.1, 0.01  # seconds that a page which is drawn waits for them, and between two looks
SAY_PENDING = ("imports",)  # pages


def in_short(known: Looked) -> str:
    """A badge of how many alerts have fired, else of how many could not be checked; or nothing."""
    found = known.notebooks.values()
    if fired := sum(len(one.fired) for one in found):
        return f":orange-badge[{plural(fired, 'alert')}]"
    not_checked = sum(len(one.not_checked) for one in found)
    return f":gray-badge[{not_checked} not checked]" if not_checked else ""


def sentences(checked: Checked | None) -> None:
    """Draw what became of a notebook's alerts: those that fired, and those not checked."""
    if checked is None:
        return
    for icon, texts in ((WARNING, checked.fired), (UNKNOWN, checked.not_checked)):
        for sentence in texts[:MOST]:
            st.caption(f"{icon} {escaped(sentence)}")
        if len(texts) > MOST:
            st.caption(f"and {plural(len(texts) - MOST, 'other')}")


def alerts_of_notebooks() -> None:
    """Draw the notebooks whose alerts have fired on the data as they are, each with a link."""
    known = alerts.looked()
    told = {name: one for name, one in known.notebooks.items() if one.fired or one.not_checked}
    if not known.is_done:
        st.caption("The alerts of notebooks are being checked.")
    if not told:
        return
    with st.container(border=True, key="alerts"):
        for name, checked in list(told.items())[:MOST_NOTEBOOKS]:
            with suppress(NotSaved):  # it has gone since
                st.page_link(
                    "notebook.py",
                    label=escaped(f"{_counted(checked)} in {name}"),
                    icon=WARNING if checked.fired else UNKNOWN,
                    query_params=address_of(name),
                )
                sentences(checked)
        if (others := len(told) - MOST_NOTEBOOKS) > 0:
            have = "have" if others > 1 else "has"
            st.page_link("notebooks.py", label=f"{plural(others, 'other notebook')} {have} alerts")


def rerun_when_checked(shown: Looked) -> None:
    """Have the page drawn again once more is known of the alerts than it shows.

    Most checks take some milliseconds: then the page is drawn once, not once more for nothing.
    """
    now = _looked_soon()
    says_pending = not shown.is_done and page() in SAY_PENDING
    if now.is_done and (says_pending or now.notebooks != shown.notebooks):
        st.rerun()
    if not now.is_done:
        with st.sidebar:
            _look_again()


def _looked_soon() -> Looked:
    """What is known when the checks have ended, or a moment later."""
    until = time.monotonic() + SOON
    while not (now := alerts.looked()).is_done and time.monotonic() < until:
        time.sleep(STEP)
    return now


@st.fragment(run_every=EVERY)
def _look_again() -> None:
    with unavailable_shown():
        if alerts.looked().is_done:
            st.rerun()


def _counted(checked: Checked) -> str:
    if checked.fired:
        return plural(len(checked.fired), "alert")
    return f"{plural(len(checked.not_checked), 'alert')} not checked"
