"""The filter of a cell: the sidebar's widgets, for those parts that differ from the notebook's."""

from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from pages.cells.opened import Opened
from pages.frame.date_filters import period
from pages.frame.list_filter import list_filter
from pages.frame.sidebar import FIRST, further_filters
from pages.frame.url_state import Side, chosen
from pages.text.escape import escaped
from queries.filters import Filters
from queries.notebooks.choice import differing, pairs_of
from queries.notebooks.keys import with_key
from queries.notebooks.meaning import Meaning


@dataclass(frozen=True)
class OfCell(Side):
    """The filters of a cell; another choice is saved as what differs from the notebook's."""

    known: Opened = field(compare=False, hash=False, kw_only=True)
    meaning: Meaning = field(compare=False, hash=False, kw_only=True)
    place: int = field(kw_only=True)

    def chosen(self) -> Filters:
        """The filters in force in the cell."""
        return self.meaning.choice.filters

    def choose(self, filters: Filters) -> None:
        """Save other filters for the cell."""
        self.save(urlencode(self._own(filters)))

    def is_copy(self, name: str) -> bool:
        """Whether the cell has the notebook's values."""
        return False

    def save(self, query: str) -> None:
        """Save a query string as the cell's filter; empty: the notebook's is in force."""
        self.known.edit(self.meaning.cell, self.place, lambda now: with_key(now, "filter", query))

    def _own(self, filters: Filters) -> list[tuple[str, str]]:
        """What differs from the notebook's filter, and what the cell compares with."""
        compared = self.meaning.choice.comparison
        of_cell = {name for name, _ in pairs_of(self.meaning.keys.text("filter"))}
        compares = compared is not None and any(
            name == "compare" or name.startswith("b.") for name in of_cell
        )
        own = differing(chosen(), filters)
        return [*own, *(compared.to_query() if compared and compares else [])]


def own_filter_controls(known: Opened, meaning: Meaning, place: int) -> None:
    """Draw the widgets of the cell's filter, and the way back to the notebook's."""
    side = OfCell(f"cell{place}.", known=known, meaning=meaning, place=place)
    st.caption("What is chosen here stays when the notebook's filter changes.")
    if own := meaning.keys.text("filter"):
        st.button(
            "Use the notebook's filter",
            icon=":material/filter_alt_off:",
            key=f"no_own_{place}",
            help=escaped(own),
            on_click=partial(side.save, ""),
        )
    with st.grid(2, gap="small"):
        for name in FIRST:
            with st.container():
                list_filter(name, side)
    period(side)
    further_filters(side)
