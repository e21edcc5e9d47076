"""The search for a code: by its whole text, or by a part of it where no code is equal."""

import time
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.recording import search_recorded
from pages.frame.typed_codes import SEARCH
from pages.people.current import person
from pages.people.lookups import MOST, lookups
from pages.people.person import Right
from pages.text.numbers import plural
from queries.engine.paging import PAGE
from queries.engine.totals import within_batches
from queries.filters import Filters

WIDTH = 280  # pixels


class Matches(NamedTuple):
    """How many codes match, whether by their whole text, and the filters that they match too."""

    codes: int
    whole: bool
    among: Filters


def is_searched() -> bool:
    """Whether the page begins with a code to be searched for."""
    return bool(st.session_state.get(SEARCH))


def search_box() -> str:
    """Draw the field for a code, for those who may look up one. Returns what was typed."""
    if not person().may(Right.FIND_CODES):
        return ""
    whole_only = person().access.masked
    return st.text_input(
        "Find a code",
        key=SEARCH,
        placeholder="The whole code" if whole_only else "The whole code, or any part of it",
        help="Searches the codes that match the filters. It narrows this list only, not the "
        "numbers and not the download, and is never part of the address.",
        icon=":material/search:",
        width=WIDTH,
    ).strip()


def found_codes(search: str, chosen: Filters, column: str, descending: bool) -> Matches | None:
    """How many codes of a choice match a search; draws a toggle where one is equal to it.

    A whole code is found far sooner than a part of one, and is what was meant. The toggle adds
    the codes that contain it; not for persons who see codes masked, who find whole codes only.
    `column` and `descending` are the order in which the codes will be shown.
    None where they have looked up too many; then it says so.
    """
    if not search:
        return Matches(_count(chosen, "", whole=False), False, chosen)
    masked = person().access.masked
    if masked and not _may_look_up(search):
        return None
    near = _batches_around(search, chosen)
    whole = _equal(near, search, column, descending)
    search_recorded(search, "Codes", whole=bool(whole))
    if masked or (whole and not st.toggle("Also codes that contain it", key="code_search_parts")):
        return Matches(whole, True, near)
    return Matches(_count(chosen, search, whole=False), False, chosen)


def _may_look_up(code: str) -> bool:
    """Count the lookup of a masked person, or say when it can be tried again."""
    seconds = lookups.wait(person().id, code, time.monotonic())
    if seconds:
        st.warning(
            f"You have looked up {MOST} codes within a minute, and more are not looked up. "
            f"Try again in {plural(seconds, 'second')}.",
            icon=":material/hourglass_top:",
        )
    return not seconds


def _batches_around(search: str, chosen: Filters) -> Filters:
    """The chosen filters, narrowed to the few batches that may hold the code."""
    return within_batches(chosen, list(fetch("batches_around", Filters(), search=search)["batch"]))


def _equal(near: Filters, search: str, column: str, descending: bool) -> int:
    """How many codes are equal to a search: counted from their first page, unless that is full.

    It is mostly shown then. Where none is equal, another order asks once more.
    """
    first = searched_page(near, search, column, descending, whole=True)
    return len(first) if len(first) < PAGE else _count(near, search, whole=True)


def searched_page(
    among: Filters,
    search: str,
    column: str,
    descending: bool,
    *,
    whole: bool,
    offset: int = 0,
    of: int | None = None,
) -> pd.DataFrame:
    """A page of the codes that match, `of` so many, in the order of a column. One row per code."""
    return fetch(
        "codes_rows",
        among,
        sort=column,
        descending=descending,
        search=search or None,
        whole=whole,
        offset=offset,
        of=of if offset else None,  # so that the first page can be fetched ahead
    )


def _count(filters: Filters, search: str, *, whole: bool) -> int:
    return int(fetch("codes_found", filters, search=search or None, whole=whole)["codes"][0])
