"""A row of tiles: numbers, each with what it is of."""

from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

from pages.frame.pin import pin_button
from queries.notebooks.pinning import Pin


class Tile(NamedTuple):
    """A number with its name; `beside` says of what it is, `explained` how it is counted."""

    label: str
    value: str
    beside: str = ""
    explained: str | None = None


def tile_row(
    tiles: Iterable[Tile], pin: Pin, *more: Pin, width: int = 150, in_a_row: int | None = None
) -> None:
    """Draw tiles of at least `width` pixels, all in one row unless `in_a_row` says how many.

    Below them stands the button that pins them, as one cell or several.
    """
    shown = list(tiles)
    with st.grid(in_a_row or len(shown), min_column_width=width, gap="xsmall"):
        for tile in shown:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(tile.label, tile.value, help=tile.explained)
                if tile.beside:
                    st.caption(tile.beside)
    pin_button(pin, *more)
