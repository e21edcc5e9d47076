"""A cell of a notebook on the screen: its title, its mark, its menu, and what it brought."""

from typing import Literal, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.answers.held import OtherVersion, holding
from pages.cells.bodies import draw_body, title_of
from pages.cells.brought_rows import result_of, rows_of
from pages.cells.charts import NoChart
from pages.cells.control import draw_control
from pages.cells.marks import Mark
from pages.cells.menu import cell_menu
from pages.cells.results import Brought, results
from pages.cells.running import Running
from pages.cells.sql_body import draw_sql, run_longer, run_sql
from pages.cells.sql_job import StillRuns
from pages.frame.place import placed
from pages.frame.url_state import choosing
from pages.text.escape import escaped
from queries.comparison import in_words
from queries.engine.service import QueryFailed
from queries.notebooks.alerts import sentences_of
from queries.notebooks.meaning import Meaning
from queries.text import moment


class Looks(NamedTuple):
    """The icon and the colour of a mark."""

    icon: str
    colour: Literal["green", "blue", "orange", "red"]


LOOKS = {
    Mark.FRESH: Looks(":material/check:", "green"),
    Mark.RUNNING: Looks(":material/hourglass_top:", "blue"),
    Mark.STALE: Looks(":material/history:", "orange"),
    Mark.FAILED: Looks(":material/error:", "red"),
}
COULD_NOT = "This cell could not be computed. Run it again; if it happens again, change its filter."
STILL_RUNS = "it is still running"
MOST_NAMES = 6  # of a filter in words


def draw_cell(running: Running, meaning: Meaning, place: int) -> DeltaGenerator:
    """Draw a cell, which runs if its result is not there or is one of something else.

    Returns where its editor belongs: above the result, which may be higher than a screen.
    """
    with st.container(border=True, key=f"cell_{place}"):
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            with choosing(meaning.choice.filters, meaning.choice.comparison):
                title = title_of(meaning)
            st.subheader(escaped(title), anchor=meaning.name, width="content")
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                badge = st.empty()
                cell_menu(running.known, meaning, place, running.stale_for(meaning))
        here = st.container()
        if meaning.control:
            draw_control(running.known, meaning, place)
            if meaning.problems:
                running.fail(meaning, " ".join(meaning.problems))
            else:
                _note(running, meaning, None)
            st.caption(escaped(meaning.name))
            return here
        _draw(running, meaning, place, badge)
        _below(running, meaning)
        return here


def _draw(running: Running, meaning: Meaning, place: int, badge: DeltaGenerator) -> None:
    if meaning.problems:
        _show(badge, Mark.FAILED)
        _failed(running, meaning, " ".join(meaning.problems))
        return
    brought = running.brought(meaning)
    is_new = brought is None
    if brought is None:
        _show(badge, Mark.RUNNING)
        brought = running.begin(meaning)
    if not brought.error:
        try:
            _bring(running, meaning, brought, place, is_new=is_new)
        except StillRuns:
            running.fail(meaning, STILL_RUNS)
            return
    if brought.error:
        _failed(running, meaning, brought.error)
        if brought.timed_out:
            run_longer(running, meaning)
    if is_new and not brought.is_of_earlier:
        results.put(running.of(meaning), brought)
    mark = running.mark(brought)
    if mark is Mark.STALE:
        running.stale.add(meaning.name.casefold())
    _show(badge, mark, brought)


def _bring(
    running: Running, meaning: Meaning, brought: Brought, place: int, *, is_new: bool
) -> None:
    """Draw the cell, and so fill its result; or note why it has none. Raises StillRuns."""
    try:
        with (
            choosing(meaning.choice.filters, meaning.choice.comparison),
            holding(brought.held),
            placed(meaning.name),
        ):
            if meaning.cell.kind == "sql":
                if is_new:
                    run_sql(running, meaning, brought)
                draw_sql(running, meaning, brought, place)
            else:
                draw_body(meaning)
            if not brought.error:
                _note(running, meaning, brought)
    except OtherVersion:
        st.rerun()  # an import came in between
    except NoChart as error:
        brought.error = str(error)
    except QueryFailed:
        brought.error = COULD_NOT


def _note(running: Running, meaning: Meaning, brought: Brought | None) -> None:
    """Note the rows for what reads them, and draw what the cell's alerts say of them."""
    rows = rows_of(meaning, brought)
    result = result_of(meaning, rows)
    running.note(result, rows.rows)
    for sentence in sentences_of(meaning, result, rows.rows):
        st.warning(escaped(sentence), icon=":material/notifications_active:")


def _failed(running: Running, meaning: Meaning, sentence: str) -> None:
    st.error(escaped(sentence), icon=":material/error:")
    running.fail(meaning, sentence)


def _show(badge: DeltaGenerator, mark: Mark, brought: Brought | None = None) -> None:
    looks = LOOKS[mark]
    words = mark.value
    if mark is Mark.STALE and brought and brought.data_until:
        words = f"stale: data until {moment(brought.data_until)}"
    badge.badge(words, icon=looks.icon, color=looks.colour)


def _below(running: Running, meaning: Meaning) -> None:
    """The filter in force in words, and what the cell says that nothing knows."""
    filters, compared = meaning.choice.filters, meaning.choice.comparison
    second = compared.second(filters, running.data_until.date()).filters if compared else None
    st.caption(escaped(f"{in_words(filters, second, MOST_NAMES)} · {meaning.name}"))
    if meaning.unknown:
        st.caption(escaped(f"Kept, and not used: {', '.join(meaning.unknown)}."))
