"""What can be taken away: the links to the export routes, with the page's own filters and what
they will hold, and the tables that are shown.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.state import chosen
from pages.parts.timing import today
from pages.parts.words import plural, whole
from queries import export
from queries.filters import Filters
from queries.formats import EXCEL_ROWS, FORMATS, written

LABELS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}


def download_button(kind: str) -> None:
    """One click for the CSV of the chosen codes or transactions; the rest is one step away."""
    held = fetch(f"export_{kind}_rows", chosen()).iloc[0]
    rows = int(held["rows"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.link_button(
            f"Download CSV ({plural(rows, 'row')})",
            export_url(kind, chosen()),
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
                _other_formats(kind, fetch(f"export_{kind}_facts", chosen()).iloc[0])
    if kind == "transactions":
        _say_what_is_left_out(int(held["without"]))


def export_url(kind: str, filters: Filters, form: str = "csv", more: bool = False) -> str:
    """The address of the export route."""
    query = urlencode([*filters.to_query(), *([("more", "yes")] if more else [])])
    return f"/export/{kind}.{form}" + (f"?{query}" if query else "")


def table_buttons(query: str, table: Callable[[], pd.DataFrame]) -> None:
    """A small table as a file in each format; none is made before its click."""
    with st.container(horizontal=True, gap="small"):
        for form, label in LABELS.items():
            st.download_button(
                label,
                partial(_written, table, form),
                file_name=export.name(query, chosen(), today(), form),
                mime=FORMATS[form],
                icon=":material/download:",
                key=f"{form}_{query}",
                on_click="ignore",
            )


def _written(table: Callable[[], pd.DataFrame], form: str) -> bytes:
    return written(table(), form)


def _other_formats(kind: str, facts: pd.Series) -> None:
    rows = int(facts["rows"])
    form = st.segmented_control(
        "Format",
        list(LABELS),
        default="csv",
        required=True,
        format_func=LABELS.__getitem__,
        key=f"format_{kind}",
    )
    more = kind == "codes" and st.toggle(
        "With status, folder, batch, prefix, scans and first redemption",
        key=f"more_{kind}",
        help="The file is then no longer one that Voucher Manager would write.",
    )
    st.write(_what_it_holds(kind, facts, more))
    if form == "xlsx":
        st.write(
            "Codes, IDs and item codes are text cells, so no zero is lost, and nothing runs as a "
            "formula." + (" It takes a sheet for each million rows." if rows > EXCEL_ROWS else "")
        )
    elif form == "csv":
        st.write(_opened_in_excel(facts))
    st.link_button(
        f"Save as {LABELS[form]} ({plural(rows, 'row')})",
        export_url(kind, chosen(), form, more),
        icon=":material/download:",
        disabled=not rows,
    )


def _what_it_holds(kind: str, facts: pd.Series, more: bool) -> str:
    columns = 15 if more else 9
    said = (
        f"{plural(facts['rows'], 'row')}, {columns} columns, about {size(facts['bytes'])} as CSV."
    )
    if facts["bearer"]:
        codes = plural(facts["bearer"], "code")
        said += f" {codes} can be redeemed, now or once started: handle the file like money."
    return said


def _opened_in_excel(facts: pd.Series) -> str:
    if facts["rows"] > EXCEL_ROWS:
        return f"Excel opens no more than {whole(EXCEL_ROWS)} rows of a CSV file."
    said = "Excel drops the leading zeros of a CSV file: choose Excel above to keep them."
    if facts["formula_like"]:
        said += f" {plural(facts['formula_like'], 'row')} would run as a formula there."
    return said


def _say_what_is_left_out(without: int) -> None:
    if without:
        st.caption(
            f"{plural(without, 'redemption')} known only from a codes file have no transaction, "
            "so the file leaves them out."
        )


def size(count: float) -> str:
    """A number of bytes as people say it: 3.4 kB."""
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= bytes_:
            return f"{count / bytes_:.1f} {unit}"
    return f"{count:.0f} bytes"
