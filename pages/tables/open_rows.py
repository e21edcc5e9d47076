"""Opens the page of a code from a row of a list: by a click on the row, or by the keyboard."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from pages.answers.fetch import data_version, fetch
from pages.frame.code_page import open_code
from pages.people.code_keys import NO_GROUP
from pages.people.current import person
from pages.tables.selectable import selected_place
from pages.text.escape import shortened, visible
from queries.filters import Filters

WIDTH = 320  # pixels
LONGEST = 60  # letters
NO_FILE = "No codes file has brought this code: search for it by its whole text."
HIDDEN = ["code_id"]  # of the rows: not for the screen


@dataclass(frozen=True)
class RowOpener:
    """Opens pages of the codes of a table's rows, which have group_name, code and code_id."""

    table: str  # the key of the table
    rows: pd.DataFrame  # one row per row of the table
    version: int = field(default_factory=data_version)

    def by_click(self, otherwise: Callable[[], None] | None = None) -> None:
        """Open the page of the selected row's code; a callback of the table.

        `otherwise` is called where no row is selected: something else was clicked.
        """
        place = selected_place(self.table, len(self.rows))
        if place is not None:
            self.open(place)
        elif otherwise:
            otherwise()

    def by_keyboard(self) -> None:
        """Draw a list of the codes: choosing one opens its page. Tables are drawn as pictures."""
        key = f"open_{self.table}"
        if self.rows.empty:
            return
        st.selectbox(
            "Open the page of a code",
            range(len(self.rows)),
            index=None,
            format_func=self._in_words,
            key=key,
            placeholder="Choose a row",
            help="Opens what is known of the code, as the box before its row does.",
            width=WIDTH,
            on_change=lambda: self._take(key),
        )

    def open(self, place: int) -> None:
        """Have the page of a row's code opened. Call it from a callback.

        Where codes are masked, the store says which one it is, if a codes file has brought it.
        """
        row = self.rows.iloc[place]
        if not person().access.masked:
            open_code(_group(row), row["code"])
        elif pd.isna(row["code_id"]):
            st.toast(NO_FILE, icon=":material/search:")
        elif self.version == data_version():  # others may have the numbers of codes since
            found = fetch("code_behind", Filters(), code_id=int(row["code_id"]))
            for group, code in zip(found["group_name"], found["code"], strict=True):
                open_code(group, code)

    def _take(self, key: str) -> None:
        place = st.session_state[key]
        if isinstance(place, int) and 0 <= place < len(self.rows):
            self.open(place)

    def _in_words(self, place: int) -> str:
        row = self.rows.iloc[place]
        return f"{place + 1}: {shortened(visible(row['code']), LONGEST)} · {visible(_group(row))}"


def _group(row: pd.Series) -> str:
    return NO_GROUP if pd.isna(row["group_name"]) else str(row["group_name"])
