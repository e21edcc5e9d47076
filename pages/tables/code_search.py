"""The search for a code: by its whole text, or by a part of it where no code is equal."""

from typing import NamedTuple

import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.recording import search_recorded
from pages.frame.url_state import chosen
from queries.engine.totals import within_batches
from queries.filters import Filters


class Matches(NamedTuple):
    """How many codes match, whether by their whole text, and the filters that they match too."""

    codes: int
    whole: bool
    among: Filters


def found_codes(search: str) -> Matches:
    """How many of the chosen codes match a search; draws a toggle where one is equal to it.

    A whole code is found far sooner than a part of one, and is what was meant. The toggle adds
    the codes that contain it.
    """
    if search:
        near = _batches_around(search)
        whole = _count(near, search, whole=True)
        search_recorded(search, "Codes", whole=bool(whole))
        if whole and not st.toggle("Also codes that contain it", key="code_search_parts"):
            return Matches(whole, True, near)
    return Matches(_count(chosen(), search, whole=False), False, chosen())


def _batches_around(search: str) -> Filters:
    """The chosen filters, narrowed to the few batches that may hold the code."""
    return within_batches(
        chosen(), list(fetch("batches_around", Filters(), search=search)["batch"])
    )


def _count(filters: Filters, search: str, *, whole: bool) -> int:
    return int(fetch("codes_found", filters, search=search or None, whole=whole)["codes"][0])
