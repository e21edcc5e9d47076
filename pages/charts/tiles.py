"""Draws the tiles: the main numbers, each with its scope, its change and a small curve."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.answers.fetch import fetch
from pages.charts.card import CONFIG
from pages.charts.changes import COLUMNS, LIVE
from pages.charts.pinned import pin_of_tiles
from pages.charts.tile_curves import CURVES, curve, in_words
from pages.charts.tile_numbers import TILES, Number, numbers_of
from pages.frame.comparing import second_choice
from pages.frame.empty_period import say_that_the_period_is_empty
from pages.frame.first_paint import let_numbers_paint
from pages.frame.pin import pin_button
from pages.frame.place import keyed
from pages.frame.url_state import chosen
from pages.text.escape import escaped


def tiles(
    labels: tuple[str, ...] = TILES,
    *,
    with_curves: bool = False,
    below: Callable[[pd.Series], None] | None = None,
) -> pd.Series:
    """Draw the tiles of the filters in force, or some of them; returns their numbers.

    Beside them stand those of a second choice, or the change against the period before. `below`
    draws a note on the numbers, in the line below the tiles.
    """
    numbers = numbers_of(labels)
    steps = fetch("trend", chosen()) if with_curves else pd.DataFrame()
    curves: dict[str, DeltaGenerator] = {}  # the place of each, by the label of its tile
    with st.grid(len(labels), min_column_width=128, gap="xsmall"):
        for column in _columns(numbers.tiles, labels):
            with st.container(border=True, height="stretch", gap="xsmall"):
                for tile in column:
                    if place := _tile(tile, has_curve=tile.label in CURVES and len(steps) > 1):
                        curves[tile.label] = place
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if numbers.note:
            st.caption(escaped(numbers.note), help=numbers.compared or None)
        if below:
            below(numbers.row)
        pin_button(pin_of_tiles(labels, every=labels == TILES, both=second_choice() is not None))
    say_that_the_period_is_empty(int(numbers.row["redemptions"]))
    let_numbers_paint()
    for label, place in curves.items():
        _curve(steps, label, place)
    return numbers.row


def _columns(tiles: tuple[Number, ...], labels: tuple[str, ...]) -> list[list[Number]]:
    """The tiles in as many columns as there are labels: the codes live below the codes issued."""
    columns: list[list[Number]] = []
    for tile in tiles:
        if tile.label == LIVE and LIVE not in labels:
            columns[-1].append(tile)
        else:
            columns.append([tile])
    return columns


def _tile(tile: Number, *, has_curve: bool) -> DeltaGenerator | None:
    """Draw a tile; returns the place of its curve, if it has one."""
    st.metric(
        tile.label,
        tile.value,
        tile.delta,
        delta_color="inverse" if tile.is_bad else "normal",
        help=tile.explained,
    )
    place = st.empty() if has_curve else None
    for sentence in (tile.scope, *tile.sentences):
        st.caption(escaped(sentence))
    return place


def _curve(steps: pd.DataFrame, label: str, place: DeltaGenerator) -> None:
    place.plotly_chart(
        curve(steps, label),
        key=keyed(f"curve_{COLUMNS[label]}"),
        config=CONFIG,
        alt=in_words(steps, label),
    )
