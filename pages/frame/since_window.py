"""Since when changes are summed up: a day, or an import. By default the last Monday."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.answers.fetch import fetch
from pages.frame.view_state import keep
from pages.text.escape import shortened, visible
from queries.filters import Filters
from queries.text import day, moment

EVERYTHING = Filters()
EITHER_WAY = timedelta(days=3 * 366)  # from the last Monday, that the calendar offers
LONGEST_FILE = 60  # letters


@dataclass(frozen=True)
class Window:
    """The day, or the import, since which imports count. Without either: the last Monday."""

    since: date | None
    from_import: int | None = None

    @property
    def values(self) -> dict[str, object]:
        """The parameters of since.sql and its like."""
        return {"since": self.since and self.since.isoformat(), "from_import": self.from_import}

    @property
    def parameters(self) -> dict[str, str]:
        """The same in the address of the page and of its files."""
        named = {"since": self.since, "import": self.from_import}
        return {name: str(value) for name, value in named.items() if value is not None}

    @property
    def in_words(self) -> str:
        """Since Monday, 23 Nov 2026; since import 12."""
        if self.since is not None:
            return f"since {self.since:%A}, {day(self.since)}"
        return (
            "since last Monday" if self.from_import is None else f"since import {self.from_import}"
        )


def last_monday() -> tuple[date | None, int | None]:
    """The Monday of the newest import's week, and how many imports were made since.

    None without an import; the number is None for who does not see all rows.
    """
    found = fetch("since_monday", EVERYTHING).iloc[0]
    if pd.isna(found["monday"]):
        return None, None
    imports = found["imports"]
    return found["monday"].date(), None if pd.isna(imports) else int(imports)


def choose_window() -> Window:
    """Draw the controls for the day and the import. Returns what is chosen."""
    monday, _ = last_monday()
    monday = monday or date.min + EITHER_WAY
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day_place = st.container(width=200)
        from_import = _import()
        since = _day(day_place, monday, is_used=from_import is None)
    return Window(None, from_import) if from_import is not None else Window(since)


def _day(place: DeltaGenerator, monday: date, *, is_used: bool) -> date:
    first, last = monday - EITHER_WAY, monday + EITHER_WAY
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    since: date = place.date_input(
        "Imports since",
        key=keep("since", monday, days),
        min_value=first,
        max_value=last,
        format="DD/MM/YYYY",
        disabled=not is_used,
        help="Imports made on this day or later. At first the Monday of the newest import's week.",
    )
    return since


def _import() -> int | None:
    """The import that is chosen in place of a day; they are for those who see all rows."""
    found = fetch("imports", EVERYTHING)
    found = found[found["undone_at"].isna()]
    if found.empty:
        return None
    labels = {
        int(
            row["import_id"]
        ): f"{row['import_id']}: {visible(shortened(row['file'], LONGEST_FILE))}, "
        f"{moment(row['imported_at'])}"
        for row in found.to_dict("records")
    }
    chosen: int | None = st.selectbox(
        "or since the import",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="The day decides",
        key=keep("import", None, list(labels)),
        width=360,
        help="This import and all that came after it.",
    )
    return chosen
