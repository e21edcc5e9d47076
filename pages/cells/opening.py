"""Opens a notebook in a tab, at its address and with its filter in force."""

from urllib.parse import parse_qs

import streamlit as st

from pages.cells.opened import Opened, document_of, draft_key, is_same
from pages.frame.url_state import MOST_VALUES, chosen, comparison, put_in_force, were_chosen_here
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.choice import choice_of_notebook, query_of
from queries.notebooks.document import Document

KEY = "_notebook"
TO_OPEN = "_notebook_to_open"


def opened(name: str) -> Opened:
    """The notebook of that name, as this tab has it, with its filter in force. Raises NotSaved.

    Opens its page again where another filter comes into force: the sidebar is drawn already.
    """
    known = opened_before(name)
    if known is None:
        kept = notebooks.text(person(), name)
        known = Opened(name, kept, notebooks.may_change(person(), name), filter="")
        known.filter = own_filter(known.document)
        known.editing = _with_draft(known)
        st.session_state[KEY] = known
        _put_in_force(known)
    else:
        known.reload()
    return known


def opened_before(name: str) -> Opened | None:
    """The notebook as this tab had it open, whether or not it is there any more."""
    known: Opened | None = st.session_state.get(KEY)
    return known if known and known.name == name else None


def _with_draft(known: Opened) -> int | None:
    """The place of a cell into which the person was typing something that is not saved yet."""
    drafts = notebooks.drafts(person(), known.name)
    for place, cell in enumerate(known.document.cells):
        draft = drafts.get(draft_key(cell))
        if draft and not is_same(draft.text, cell.body):
            return place
    return None


def follow_filters(known: Opened) -> None:
    """Bring the filters in force and those of the notebook together.

    What somebody chooses on this page becomes the notebook's filter, if they may change it. Its own
    is put in force where its text has changed, and where other filters come from an address or
    from another page: nobody has chosen these for the notebook.
    """
    is_chosen = were_chosen_here()
    own, in_force = own_filter(known.document), query_of(chosen(), comparison())
    if own != known.filter:
        known.filter = own
        _put_in_force(known)
    elif known.in_force in (None, in_force) or in_force == own or not known.may_change:
        pass
    elif not is_chosen:
        _put_in_force(known)
    else:
        known.filter = in_force
        known.change(known.document.with_front("filter", in_force))
    known.in_force = in_force


def own_filter(document: Document) -> str:
    """The query string of a notebook's filter, in the order of addresses."""
    return choice_of_notebook(document.filter).query()


def differs(known: Opened) -> bool:
    """Whether other filters are in force than the notebook has, which cannot be changed."""
    return query_of(chosen(), comparison()) != own_filter(known.document)


def choose_own(known: Opened) -> None:
    """Put the notebook's filters in force again, in a callback."""
    choice = choice_of_notebook(known.document.filter)
    put_in_force(choice.filters, choice.comparison)


def _put_in_force(known: Opened) -> None:
    if differs(known):
        known.in_force = None
        choose_own(known)  # or the end of this run writes the address with the filters before
        if differs(known):
            return  # it has more values than a page can have: the head of the page says so
        st.switch_page("notebook.py", query_params=address_of(known.name))


def address_of(name: str) -> dict[str, list[str]]:
    """The parameters of a notebook's address, with its filter. Raises NotSaved."""
    text = notebooks.text(person(), name).text
    own = parse_qs(own_filter(document_of(text)))
    is_short = sum(map(len, own.values())) <= MOST_VALUES  # a longer address would be ignored
    return {**(own if is_short else {}), "name": [name]}


def switch_to(name: str) -> None:
    """Have the next run open a notebook. Call it from a callback."""
    st.session_state[TO_OPEN] = name


def show_opened_notebook() -> None:
    """Switch to the notebook that switch_to() has named. Call it before anything is drawn."""
    name = st.session_state.pop(TO_OPEN, None)
    if name is not None:
        st.switch_page("notebook.py", query_params=address_of(name))
