"""The links to the export routes, with the page's own filters, and what the files will hold."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import data_until, fetch
from pages.people.current import person
from pages.people.person import Right
from pages.text.addresses import export_url
from pages.text.numbers import plural, size, whole
from queries.downloading.formats import EXCEL_ROWS, FORMATS
from queries.filters import Filters
from queries.text import moment

NO_FILES = "Your role can look at numbers and rows, but not download them."
MASKED = "Your role sees masked codes, in files too. Such a file cannot be imported again."


def download_button(kind: str, chosen: Filters) -> None:
    """Draw the link to the CSV of the codes or transactions of a choice, and to other formats."""
    if not person().may(Right.DOWNLOAD_ROWS):
        st.caption(NO_FILES)
        return
    held = fetch(f"export_{kind}_rows", chosen).iloc[0]
    rows = int(held["rows"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.link_button(
            f"Download CSV ({plural(rows, 'row')})",
            export_url(kind, chosen),
            icon=":material/download:",
            type="primary",
            help="Every row that this page counts, in the format of Voucher Manager.",
            disabled=not rows,
        )
        # What a file would hold takes longer than what the page shows, so it waits for a click.
        formats = st.popover(
            "Other formats", icon=":material/tune:", key=f"formats_{kind}", on_change="rerun"
        )
        if formats.open:
            with formats:
                _other_formats(kind, chosen, fetch(f"export_{kind}_facts", chosen).iloc[0])
    if person().access.masked:
        st.caption(MASKED)
    if kind == "transactions":
        _say_what_is_left_out(int(held["without"]))


def _other_formats(kind: str, chosen: Filters, facts: pd.Series) -> None:
    rows = int(facts["rows"])
    form = st.segmented_control(
        "Format",
        list(FORMATS),
        default="csv",
        required=True,
        format_func=lambda form: FORMATS[form].label,
        key=f"format_{kind}",
    )
    more = kind == "codes" and st.toggle(
        "With status, folder, batch, prefix, times used and first redemption",
        key=f"more_{kind}",
        help="The file then has columns that Voucher Manager's own files do not have.",
    )
    st.write(_what_it_holds(kind, facts, more))
    if form == "xlsx":
        st.write(
            "Codes, IDs and item codes are text cells, so no zero is lost, and nothing runs as a "
            "formula." + (" Each million rows has a sheet of its own." if rows > EXCEL_ROWS else "")
        )
    elif form == "csv":
        st.write(_opened_in_excel(facts))
    st.link_button(
        f"Save as {FORMATS[form].label} ({plural(rows, 'row')})",
        export_url(kind, chosen, form, more),
        icon=":material/download:",
        disabled=not rows,
    )


def _what_it_holds(kind: str, facts: pd.Series, more: bool) -> str:
    count = len(fetch("file_columns", Filters(), kind=f"{kind}_more" if more else kind))
    sentences = (
        f"{plural(facts['rows'], 'row')}, {count} columns, about {size(facts['bytes'])} as CSV. "
        f"Data until {moment(data_until())}."
    )
    if facts["bearer"]:
        codes = plural(facts["bearer"], "code")
        sentences += f" {codes} can be redeemed, now or once started: handle the file like money."
    return sentences


def _opened_in_excel(facts: pd.Series) -> str:
    if facts["rows"] > EXCEL_ROWS:
        return f"Excel opens no more than {whole(EXCEL_ROWS)} rows of a CSV file."
    sentences = "Excel drops the leading zeros of a CSV file: choose Excel above to keep them."
    if facts["formula_like"]:
        sentences += f" {plural(facts['formula_like'], 'row')} would run as a formula there."
    return sentences


def _say_what_is_left_out(without: int) -> None:
    if without:
        which = "has no transaction, so the file leaves it out"
        if without > 1:
            which = "have no transaction, so the file leaves them out"
        st.caption(f"{plural(without, 'redemption')} known only from a codes file {which}.")
