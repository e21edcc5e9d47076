"""The numbers of Bounceback, and what the page says where no code is one."""

import pandas as pd
import streamlit as st

from pages.charts.bounceback_rows import in_days
from pages.charts.pinned import pin_of_numbers
from pages.frame.scopes import of_moment
from pages.frame.tile_row import Tile, tile_row
from pages.frame.url_state import chosen
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import missing, percent, plural, whole


def bounceback_numbers(numbers: pd.Series) -> None:
    """Draw the numbers of all children."""
    rate = f"{whole(numbers['redeemed'])} of {whole(numbers['children'])}"
    if not missing(numbers["low"]):
        rate += f", {numbers['low'] * 100:.1f}–{numbers['high'] * 100:.1f}%"
    shown = (
        ("Parents", whole(numbers["parents"]), "known here, all time", "Bounceback"),
        ("Children issued", whole(numbers["children"]), "all time", "Bounceback"),
        ("Children redeemed", whole(numbers["redeemed"]), of_moment(), "Return rate"),
        (
            "Return rate",
            percent(numbers["return_rate"]),
            f"{rate}, {of_moment()}{_so_far(int(numbers['running']))}",
            "Return rate",
        ),
        (
            "Days to the second visit",
            in_days(numbers["median"]),
            _middle_half(numbers),
            "Days to the second visit",
        ),
    )
    tile_row(
        (
            Tile(label, value, beside, DEFINITIONS[definition])
            for label, value, beside, definition in shown
        ),
        pin_of_numbers("bounceback", "Bounceback"),
    )
    if numbers["before_parent"]:
        before = plural(numbers["before_parent"], "child", "children")
        st.caption(f"{before} redeemed before the parent: left out of the days.")


def no_bounceback(codes: int) -> None:
    """Say what bouncebacks are where no chosen code is one. Stops the script."""
    none = "The chosen code is none." if codes == 1 else f"None of {whole(codes)} codes is one."
    advice = " Remove a filter above to look among all codes." if chosen().to_query() else ""
    st.info(
        "A bounceback is a code that a guest is given for redeeming another one. Voucher Manager "
        "names that other code in the column Parent_Code of its codes files, which tells who "
        f"came back. {none}{advice}",
        icon=":material/u_turn_left:",
    )
    st.stop()


def _so_far(running: int) -> str:
    """How many children can still be redeemed, by which the rate may rise."""
    if not running:
        return ""
    return f"; so far: {plural(running, 'child', 'children')} still running"


def _middle_half(numbers: pd.Series) -> str:
    if missing(numbers["median"]):
        return "no pair of redemptions"
    ends = f"{in_days(numbers['lower_quartile'])} to {in_days(numbers['upper_quartile'])}"
    return f"The middle half took {ends}, {of_moment()}"
