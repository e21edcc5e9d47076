"""What has become of the codes of a list: tiles, sentences, rows and files."""

import pandas as pd
import streamlit as st

from pages.answers.recording import codes_revealed
from pages.checking import definitions
from pages.checking.definitions import OF_VERDICT
from pages.checking.files import list_file_buttons
from pages.frame.scopes import of_moment
from pages.frame.tile_row import Tile, tile_row
from pages.frame.typed_codes import look_up
from pages.frame.url_state import chosen
from pages.frame.view_state import keep
from pages.people.lists import KeptList
from pages.tables.columns import LIST_LINES
from pages.tables.open_rows import RowOpener
from pages.tables.paging import pages
from pages.text.escape import escaped
from pages.text.numbers import percent, plural, whole
from queries.checking.check import MOST_TRIED, UNKNOWN, VERDICTS, Checked
from queries.engine.paging import PAGE
from queries.filters import Filters
from queries.notebooks.pinning import Pin

ALL, DOUBLED = "all", "doubled"
LABELS = {verdict: verdict.capitalize() for verdict in VERDICTS}
CHOICES = {ALL: "All", **LABELS, DOUBLED: "Doubled"}
NONE_OF_IT = "No line of the list has this verdict."
NONE_DOUBLED = "No code stands more than once in the list."
IN_A_ROW = 4  # tiles: all of them are two such rows
MOST_NAMES = 6


def tiles(kept: KeptList, checked: Checked) -> None:
    """Draw how many lines are in the list, and how many different codes have each verdict."""
    lines = Tile("Lines in the list", whole(checked.rows.num_rows), of_lines(checked))
    verdicts = (
        Tile(LABELS[verdict], whole(count), explained=OF_VERDICT[verdict])
        for verdict, count in checked.counts().items()
    )
    of_list = chosen().with_("list", kept.key)
    pin = Pin("numbers", "list", title="The codes of a list", filters=of_list, is_a_list=True)
    tile_row([lines, *verdicts], pin, width=140, in_a_row=IN_A_ROW)


def of_lines(checked: Checked) -> str:
    """How many different codes the lines have, and how many lines repeat one."""
    codes = plural(checked.different.num_rows, "different code")
    doubled = checked.doubled()
    return f"{codes}, {plural(doubled, 'line')} doubled" if doubled else codes


def reading(checked: Checked) -> str:
    """The result in sentences, which count each code once."""
    counts, codes = checked.counts(), checked.different.num_rows
    sentences = [
        f"{plural(counts['redeemed'], 'code')} of {whole(codes)} "
        f"({percent(counts['redeemed'] / codes)}) {'is' if counts['redeemed'] == 1 else 'are'} "
        "redeemed."
    ]
    if counts["unknown"]:
        near = checked.near_misses()
        is_near = "has" if near == 1 else "have"
        sentences.append(
            f"{plural(counts['unknown'], 'code')} {'is' if counts['unknown'] == 1 else 'are'} "
            f"unknown; {whole(near)} of them {is_near} a near miss among the chosen codes."
        )
    if checked.untried:
        sentences.append(
            f"Of {plural(checked.untried, 'unknown code')} no other letter was tried: that is done "
            f"for {MOST_TRIED:,} at most."
        )
    if doubled := checked.doubled():
        repeat = "repeats" if doubled == 1 else "repeat"
        sentences.append(f"{plural(doubled, 'line')} {repeat} a code of an earlier line.")
    return " ".join(sentences)


def scope(filters: Filters) -> str:
    """Among which codes the list was looked up, and as of when."""
    sentence = f"Looked up among: {filters.in_words(MOST_NAMES)} · {of_moment()}."
    if filters.narrows_redemptions():
        sentence += (
            " Campaign, site, period and cancelled choose redemptions: a list is looked up without "
            "them, but for the end of the period, as of which the verdicts are."
        )
    return sentence


def rows(kept: KeptList, checked: Checked) -> None:
    """Draw the lines of one verdict, those doubled or all, and the links to the whole as files."""
    verdict = st.segmented_control(
        "Verdict",
        list(CHOICES),
        required=True,
        format_func=CHOICES.__getitem__,
        key=keep("verdict", ALL, list(CHOICES)),
        label_visibility="collapsed",
    )
    if verdict == DOUBLED:
        found = checked.of_doubled()
    else:
        found = checked.of(None if verdict == ALL else verdict)
    if not found.num_rows:
        st.caption(NONE_DOUBLED if verdict == DOUBLED else NONE_OF_IT)
        return

    def page(offset: int) -> None:
        codes_revealed("Check a list")
        _lines(found.slice(offset, PAGE).to_pandas())

    pages("checked_page", found.num_rows, page, kept.key, verdict, chosen())
    st.caption("The whole list with its verdicts as a file")
    list_file_buttons(kept)


def _lines(lines: pd.DataFrame) -> None:
    """Draw some lines; a row opens the page of its code, or searches for its near miss."""
    st.caption("The box before a row opens the page of its code, or of its near miss.")
    named = lines.assign(group_name=lines["first_group"], code_id=None)
    opener = LineOpener("rows_checked", named)
    st.dataframe(
        lines[list(LIST_LINES)],
        hide_index=True,
        column_config=LIST_LINES,
        placeholder="",
        alt="The lines of the list, one per row",
        key="rows_checked",
        on_select=opener.by_click,
        selection_mode="single-row",
    )
    opener.by_keyboard()


class LineOpener(RowOpener):
    """Opens the page of a line's code; of an unknown one, that of its near miss."""

    def open(self, place: int) -> None:
        """Have it opened. Call it from a callback."""
        line = self.rows.iloc[place]
        if line["verdict"] != UNKNOWN:
            super().open(place)
        elif pd.notna(line["near_miss"]):
            look_up(line["near_miss"])


def definition() -> None:
    """Draw how the verdicts are found."""
    with st.popover("How is this counted?", icon=":material/function:", key="how_checked"):
        st.write(definitions.VERDICTS)
        for verdict in VERDICTS:
            st.write(f"**{LABELS[verdict]}**: {OF_VERDICT[verdict]}")
        st.write(definitions.NEAR_MISSES)


def summary(checked: Checked, filters: Filters) -> None:
    """Draw the scope and the reading."""
    st.caption(escaped(scope(filters)))
    st.write(reading(checked))
