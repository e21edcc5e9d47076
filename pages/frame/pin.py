"""Pins what a page shows to a notebook: a small button, and one dialog that asks for the notebook.

A popover per card would have widgets of its own, drawn on every run; the dialog has some only once
it is open.
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.frame.comparing import second_choice
from pages.frame.place import in_cell
from pages.frame.typed_codes import has_code
from pages.frame.url_state import chosen, comparison
from pages.frame.views_without_codes import texts_of
from pages.people.all_notebooks import change, create, notebooks
from pages.people.current import person
from pages.people.notebooks import WRITES, Seen
from pages.people.streamlit_auth import is_configured
from pages.text.escape import escaped, visible
from queries.comparison import Comparison
from queries.filters import Filters
from queries.notebooks.document import Document
from queries.notebooks.pinning import Pin, has_list, pinned, without_lists
from queries.text import listed

NOTEBOOK, NAME, WITH_LIST = "pin_notebook", "pin_name", "pin_with_list"  # keys of widgets
DONE = "_pinned"
LAST = "_pinned_last"  # the notebook that the next dialog offers first
NEW = ""
A_CODE = "This has a code in it, which no notebook keeps. Take it out first."
LIST_HELP = (
    "The cell then names the list, and does not keep its codes: it works for you alone, until the "
    "app is started again. A notebook for everybody has no list."
)
LIST_PINNED = "The list of codes works for you alone, until the app is started again."
LIST_LEFT_OUT = "The list of codes is not in the cell."
NOTHING_LEFT = (
    "Without the list there is nothing to pin. Tick the box, and choose a notebook that is not for "
    "everybody."
)


@dataclass(frozen=True)
class Wish:
    """What is to be pinned, each with the filters that it is of and what they are compared with."""

    cells: tuple[tuple[Pin, Filters, Comparison | None], ...]

    @property
    def has_list(self) -> bool:
        """Whether a list of codes is in one of the filters."""
        return any(has_list(filters, compared) for _, filters, compared in self.cells)

    def without_lists(self) -> "Wish":
        """The same without lists of codes. Raises NotSaved where one is all that is pinned."""
        if any(pin.is_a_list for pin, _, _ in self.cells):
            raise NotSaved(NOTHING_LEFT)
        return Wish(tuple((pin, *without_lists(of, than)) for pin, of, than in self.cells))


@dataclass(frozen=True)
class Done:
    """The cells that were pinned last, or a sentence that says why none were.

    `filter` is that of the notebook, as its address has it.
    """

    notebook: str = ""
    filter: str = ""
    cells: tuple[str, ...] = ()
    note: str = ""
    problem: str = ""


def pin_button(pin: Pin, *more: Pin) -> None:
    """Draw the button that pins what stands beside it, for those who may change notebooks."""
    if in_cell() or not person().may(WRITES):
        return
    if st.button("Pin", icon=":material/push_pin:", type="tertiary", key=f"pin_{pin.wish}"):
        st.session_state.pop(DONE, None)
        _dialog(_wish((pin, *more)))


def _wish(pins: tuple[Pin, ...]) -> Wish:
    """What is pinned with the filters in force: later the dialog may stand in another view."""
    compared = comparison() if second_choice() else None
    return Wish(
        tuple((pin, pin.filters or chosen(), compared if pin.compares else None) for pin in pins)
    )


@st.dialog("Pin to a notebook", icon=":material/push_pin:")
def _dialog(wish: Wish) -> None:
    done: Done = st.session_state.get(DONE, Done())
    if done.cells:
        _say_where_it_is(done)
        return
    try:
        offered = _offered()
    except NotSaved as error:
        st.error(escaped(str(error)))
        return
    if done.problem:
        st.error(escaped(done.problem))
    if st.session_state.get(NOTEBOOK) not in (NEW, *offered):
        st.session_state[NOTEBOOK] = _first_of(offered)
    st.selectbox(
        "Notebook",
        [NEW, *offered],
        format_func=lambda name: visible(name) or "A new notebook",
        key=NOTEBOOK,
    )
    with st.form("pin", border=False):
        if st.session_state[NOTEBOOK] == NEW:
            st.text_input("Its name", key=NAME, placeholder="Monday report")
        if wish.has_list:
            st.checkbox("With the list of codes", key=WITH_LIST, help=LIST_HELP)
        st.form_submit_button(
            "Pin", icon=":material/push_pin:", type="primary", on_click=_take, args=(wish,)
        )


def _offered() -> dict[str, Seen]:
    """The notebooks that the person may add to, by their names. Raises NotSaved."""
    seen = notebooks.seen_by(person())
    return {one.listed.name: one for one in seen if one.may_change and not one.listed.problem}


def _first_of(offered: dict[str, Seen]) -> str:
    """The notebook pinned to last, or the only one, or a new one."""
    last = str(st.session_state.get(LAST, NEW))
    if last in offered:
        return last
    return next(iter(offered)) if len(offered) == 1 else NEW


def _take(wish: Wish) -> None:
    try:
        st.session_state[DONE] = _pin(wish)
    except NotSaved as error:
        st.session_state[DONE] = Done(problem=str(error))


def _pin(wish: Wish) -> Done:
    """Pin to the chosen notebook. Raises NotSaved."""
    name, note = str(st.session_state[NOTEBOOK]), ""
    if wish.has_list:
        ticked = bool(st.session_state.get(WITH_LIST)) and not _is_for_everybody(name)
        wish, note = (wish, LIST_PINNED) if ticked else (wish.without_lists(), LIST_LEFT_OUT)
    new = str(st.session_state.get(NAME, "")) if name == NEW else ""
    if has_code([new, *_typed(wish)]):
        raise NotSaved(A_CODE)
    done = Done(note=note)

    def add(document: Document) -> Document:
        nonlocal done  # made again where somebody has saved meanwhile
        cells: list[str] = []
        for pin, filters, compared in wish.cells:
            document, cell = pinned(document, pin, filters, compared)
            cells.append(cell)
        done = Done(cells=tuple(cells), filter=document.filter, note=note)
        return document

    name = create(person(), new, add) if name == NEW else change(person(), name, add)
    st.session_state[LAST] = name
    st.session_state.pop(NOTEBOOK, None)
    return replace(done, notebook=name)


def _is_for_everybody(name: str) -> bool:
    """Whether others read a notebook; a new one is the person's own."""
    return is_configured() and name != NEW and _offered()[name].entry.for_everybody


def _typed(wish: Wish) -> list[str]:
    """What of the filters may be a code."""
    return [text for _, of, than in wish.cells for text in texts_of(of, than, {})]


def _say_where_it_is(done: Done) -> None:
    cells = listed([f"“{cell}”" for cell in done.cells])
    are = "It is the cell" if len(done.cells) == 1 else "They are the cells"
    st.success(
        escaped(f"Pinned to “{done.notebook}”. {are} {cells} at its end. {done.note}".rstrip()),
        icon=":material/push_pin:",
    )
    st.page_link(
        "notebook.py",
        label="Open the notebook",
        icon=":material/menu_book:",
        query_params={**parse_qs(done.filter), "name": [done.notebook]},
    )
