"""Pages with editors, by their paths: a file keeps what arrives, as it keeps a notebook."""

import json
import os
import time
from pathlib import Path

import streamlit as st

from pages.cells.editor import Word, editor
from pages.cells.whole_page import rerun_for_editors
from pages.frame.accessibility import accessibility
from pages.frame.search_key import focus_by_slash

KEPT = Path(os.environ["VOUCHERS_STORE"]).with_name("kept.json")
WORDS = (
    Word("net", "column", "Redemptions less cancellations."),
    Word("net_units", "column", "Units given, less those of <b>cancellations</b>."),
    Word("group", "column", "The group that a code belongs to, as the file names it."),
    Word("chosen_codes", "table", "One row per code that the filter keeps."),
    Word("chosen_transactions", "table", "One row per redemption or cancellation."),
    Word("date_trunc", "function", "The first moment of the day, week or month of a time."),
)
NUMBERS = (
    Word("week.net", "number", "Net redemptions of the week."),
    Word("week.change", "number", "The change against the week before."),
)


def kept() -> dict[str, str]:
    """What the server holds, whoever asks."""
    texts: dict[str, str] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return texts


def keep(**texts: str) -> None:
    """Keep texts by their names."""
    part = KEPT.with_suffix(".part")
    part.write_text(json.dumps(kept() | texts), "utf-8")
    part.replace(KEPT)  # a test reads it meanwhile


@st.fragment
def cell(label: str, name: str, words: tuple[Word, ...], trigger: str = "") -> None:
    """A cell in edit mode, and below it what the server has of it."""
    draft, committed = f"{name}_draft", f"{name}_committed"
    editor(
        label,
        kept().get(draft, ""),
        key=name,
        words=words,
        trigger=trigger,
        place=(2, 5) if "nett" in kept().get(committed, "") else None,
        on_draft=lambda text: keep(**{draft: text}),
        on_commit=lambda text: keep(**{draft: text, committed: text}),
    )
    if "slow" in kept():
        time.sleep(1)
    with st.container(key=f"kept_{name}"):
        st.text(json.dumps({"draft": kept().get(draft), "committed": kept().get(committed)}))


def sql() -> None:
    """An SQL cell, and other controls beside it."""
    st.title("Notebook")
    cell("SQL of by_day", "sql", WORDS)
    st.text_input("Another field", key="other")
    st.button("Run again")
    if st.button("Another version"):
        keep(sql_draft="select 1 from chosen_codes")
        st.rerun()
    focus_by_slash("other")


def prose() -> None:
    """A text cell."""
    st.title("Prose")
    cell("Text of the cell", "prose", NUMBERS, "{{")


def twenty() -> None:
    """Twenty editors, or twenty text areas with ?plain."""
    st.title("Twenty")
    for number in range(20):
        if "plain" in st.query_params:
            st.text_area(f"Cell {number}", key=f"plain{number}")
        else:
            cell(f"Cell {number}", f"cell{number}", WORDS)
    st.write("The end")


accessibility()
rerun_for_editors()
st.navigation(
    [
        st.Page(sql, title="Queries", url_path="sql", default=True),
        st.Page(prose, title="Prose", url_path="prose"),
        st.Page(twenty, title="Twenty", url_path="twenty"),
    ]
).run()
