"""Keeps whole codes that somebody types into a filter out of the filters, and so of the address.

One code becomes a search on the Codes page, which stays on the screen.
"""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.code_lookup import only_group
from pages.frame.code_page import open_code, show_opened_code
from pages.frame.typed_names import SEPARATORS, stored_values
from pages.frame.url_state import page
from pages.people.current import person, require
from pages.people.person import Right
from pages.text.numbers import plural
from queries.downloading.likeness import codes_begun, near, near_batches
from queries.downloading.redaction import parts_of
from queries.engine.prefixes import LEAST
from queries.fields import base_of
from queries.filters import Filters
from queries.text import normalized

SEARCH = "code_search"  # the key of the search on the Codes page
SOUGHT = "_sought_code"  # what is to be searched for in the next run
NOTICE = "_codes_left_out"  # the key of a filter, and the sentence below it
LOOKED_UP = "_looked_up_code"  # what has its page opened in the next run, or is searched for
PAGE = "codes"

FOUND = (
    "What you typed is a code, or begins with one: the Codes page searches for it, "
    "so that it stands in no address."
)
MAYBE = (
    "What you typed is no name that is known: the Codes page searches for a code that is called "
    "so, and no address has it."
)
LEFT_OUT = "{values} left out: a code is searched for on the Codes page, so that no address has it."
NOT_YOURS = (
    f"{{values}} left out: no name that is known, and no prefix of {LEAST} codes or more. "
    "Your role does not look up codes."
)
ONE_BY_ONE = (
    f"{{values}} left out: no name that is known, and no prefix of {LEAST} codes or more. "
    "Look up one code at a time, on the Codes page."
)


class Typed(NamedTuple):
    """A typed text without the parts that must not enter the filters."""

    rest: str
    left_out: list[str]


def without_codes(name: str, text: str) -> Typed:
    """What is left of a text that was typed into a filter, and the codes that were in it.

    For whoever does not see codes, what is neither a name nor a prefix of many goes too: or what
    stays would tell the codes, without a limit and without a trace.
    """
    if stored_values(name, normalized(text)):
        return Typed(text, [])
    parts = list(dict.fromkeys(part for part in map(normalized, SEPARATORS.split(text)) if part))
    unknown = [part for part in parts if not stored_values(name, part)]
    if not unknown:
        return Typed(text, [])
    if _sees_codes():
        found = _codes_among(unknown)
    else:
        found = {part for part in unknown if base_of(name) != "prefix" or not _begins_many(part)}
    rest = [part for part in parts if part not in found]
    return Typed(", ".join(rest) if found else text, [part for part in parts if part in found])


def leave_out(key: str, left_out: list[str], *, alone: bool) -> None:
    """Say what was left out of a widget's filter; have a code searched for that was typed alone.

    Call it from a callback: the run after it says so.
    """
    st.session_state.pop(NOTICE, None)
    if not left_out:
        return
    many = len(left_out) > 1
    values = f"{plural(len(left_out), 'value')} were" if many else "1 value was"
    if not person().may(Right.FIND_CODES):
        st.session_state[NOTICE] = (key, NOT_YOURS.format(values=values))
    elif alone:
        st.session_state[NOTICE] = (key, FOUND if _sees_codes() else MAYBE)
        st.session_state[SOUGHT] = left_out[0]
    else:
        one_by_one = ONE_BY_ONE.format(values=values)
        sentence = LEFT_OUT.format(values=values) if _sees_codes() else one_by_one
        st.session_state[NOTICE] = (key, sentence)


def look_up(code: str) -> None:
    """Have the page of a code opened, or the code searched for where several are called so.

    Call it from a callback. Raises NotAllowed.
    """
    require(Right.FIND_CODES)
    st.session_state[LOOKED_UP] = code


def search_typed_code() -> None:
    """Open the page of a code that was typed elsewhere, or the search for it.

    Call it before anything is drawn.
    """
    looked_up = st.session_state.pop(LOOKED_UP, None)
    if looked_up is not None and (group := only_group(looked_up)) is not None:
        open_code(group, looked_up)
        show_opened_code()
    code = st.session_state.pop(SOUGHT, looked_up)
    if code is None:
        return
    st.session_state[SEARCH] = code
    if page() != PAGE:
        st.switch_page(f"{PAGE}.py")


def has_code(texts: Sequence[str]) -> bool:
    """Whether one of the texts, or a part of one, is a code that the person sees, or extends one.

    Who does not see codes is not told, and has none to type.
    """
    plain = map(normalized, texts)
    parts = {part for text in plain for part in (*text.split(), *parts_of(text)) if part}
    return bool(parts) and _sees_codes() and bool(_codes_among(sorted(parts)))


def say_what_was_left_out(key: str) -> None:
    """Draw what leave_out() has to say below the filter whose widget has the key."""
    of_filter, sentence = st.session_state.get(NOTICE, (None, ""))
    if of_filter == key:
        st.info(sentence, icon=":material/search:")


def _sees_codes() -> bool:
    """Whether a person may look up codes, and does not see them masked."""
    somebody = person()
    return somebody.may(Right.FIND_CODES) and not somebody.access.masked


def _codes_among(texts: list[str]) -> set[str]:
    """The texts that are a code of those that the person sees, or extend one, in any case."""
    among = near_batches(fetch, texts)
    if among is None:
        return set()
    alike = fetch("texts_like_codes", among, texts=tuple(texts), **near(texts)._asdict())
    return set(alike["text"][alike["is_whole"]])


def _begins_many(text: str) -> bool:
    return codes_begun(fetch, Filters(), text) >= LEAST
