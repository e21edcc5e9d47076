"""Finding a code: by its whole text at once, by a part of it where that finds none."""

import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.state import chosen


def found_codes(search: str) -> tuple[int, bool]:
    """How many of the chosen codes match, and whether by their whole text.

    A whole code is found far sooner than a part of one, and is what was meant; whoever wants
    those that contain it can say so.
    """
    if search and (whole := _count(search, whole=True)):
        also = st.toggle("Also codes that contain it", key="code_search_parts")
        if not also:
            return whole, True
    return _count(search, whole=False), False


def _count(search: str, *, whole: bool) -> int:
    return int(fetch("codes_found", chosen(), search=search or None, whole=whole)["codes"][0])
