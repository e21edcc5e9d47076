"""Finding a code: by its whole text at once, by a part of it where that finds none."""

from typing import NamedTuple

import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.url_state import chosen
from queries.engine.totals import within_batches
from queries.filters import Filters


class Found(NamedTuple):
    """How many codes were found, whether by their whole text, and among which."""

    codes: int
    whole: bool
    among: Filters


def found_codes(search: str) -> Found:
    """Which of the chosen codes match.

    A whole code is found far sooner than a part of one, and is what was meant; whoever wants
    those that contain it can say so.
    """
    if search:
        near = _batches_around(search)
        whole = _count(near, search, whole=True)
        if whole and not st.toggle("Also codes that contain it", key="code_search_parts"):
            return Found(whole, True, near)
    return Found(_count(chosen(), search, whole=False), False, chosen())


def _batches_around(search: str) -> Filters:
    """The chosen codes of those batches that may hold the code: few of all."""
    return within_batches(
        chosen(), list(fetch("batches_around", Filters(), search=search)["batch"])
    )


def _count(filters: Filters, search: str, *, whole: bool) -> int:
    return int(fetch("codes_found", filters, search=search or None, whole=whole)["codes"][0])
