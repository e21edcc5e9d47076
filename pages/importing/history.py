"""The history of imports: what each changed, what was odd about it, and taking it back."""

import pandas as pd
import streamlit as st

from data import audited, owner
from data.importing import messages
from data.store.errors import Refused, StoreUnavailable
from pages.answers.fetch import fetch
from pages.answers.recording import codes_revealed
from pages.frame.since_link import link_since_import
from pages.importing.links_to_checks import links_to_checks
from pages.people.current import person, require
from pages.people.person import Right
from pages.tables.columns import CHANGES, IMPORTS
from pages.tables.paging import pages
from pages.tables.selectable import select_row
from pages.text.addresses import changes_url
from pages.text.escape import bold, escaped
from pages.text.numbers import latest, plural, whole
from queries.filters import Filters
from queries.text import moment

WORDS = {
    "new codes": "New codes",
    "new transactions": "New transactions",
    "newly redeemed": "Newly redeemed",
    "newly cancelled": "Newly cancelled",
    "new dates": "Changed dates",
    "changed": "Other changes",
    "gone": "Gone since the last export of the same scope",
    "back": "Back after they were gone",
}
EVERYTHING = Filters()


def history(found: pd.DataFrame) -> None:
    """Draw the list of imports, and the one that is selected below it."""
    every = int(fetch("held", EVERYTHING)["own_imports"][0])
    left_out = latest(len(found), every)
    st.caption(f"Select an import to see what it changed, or to take it back.{left_out}")
    selected = select_row(
        found.assign(is_sample=found["is_sample"].map({True: "Yes", False: ""})),
        found["import_id"].tolist(),
        "rows_imports",
        IMPORTS,
        "The imports, the latest first",
    )
    if selected is not None:
        _details(found[found["import_id"] == selected].iloc[0])


def _details(selected: pd.Series) -> None:
    import_id = int(selected["import_id"])
    with st.container(border=True):
        st.markdown(bold(f"Import {import_id}: {selected['file']}"))
        if pd.notna(selected["undone_at"]):
            st.caption(f"Taken back on {moment(selected['undone_at'])}.")
            return
        _warnings(import_id)
        _changes(import_id)
        link_since_import(import_id, "All changes since this import")
        if pd.notna(selected["sha256"]):
            st.caption(f"SHA-256 of the file: {selected['sha256']}")
        _take_back(import_id, selected["file"])


def _warnings(import_id: int) -> None:
    notes = fetch("import_warnings", EVERYTHING, import_id=import_id)
    for odd in notes.to_dict("records"):
        sentence = messages.warning(odd["kind"], odd["rows"], list(odd["lines"]), odd["detail"])
        st.caption(f":material/info: {escaped(sentence)}")
    links_to_checks(notes["kind"])


def _changes(import_id: int) -> None:
    found = fetch("import_changes", EVERYTHING, import_id=import_id)
    counts = dict(zip(found["change"], found["count"], strict=True))
    if not counts:
        st.caption("It changed nothing.")
        return
    change = st.segmented_control(
        "What changed",
        list(counts),
        format_func=lambda name: f"{WORDS[name]} ({whole(counts[name])})",
        help="Other changes are without those that are counted already.",
        key=f"change_{import_id}",
    )
    if not change:
        return

    def rows(offset: int) -> None:
        codes_revealed("Imports")
        st.dataframe(
            fetch(
                "import_changes_rows",
                EVERYTHING,
                import_id=import_id,
                change=change,
                offset=offset,
            ),
            hide_index=True,
            column_config=CHANGES,
            placeholder="",
            alt=f"{WORDS[change]}, one per row",
        )

    pages(f"changes_page_{import_id}_{change}", int(counts[change]), rows)
    st.link_button(
        f"CSV of {plural(counts[change], 'row')}",
        changes_url(import_id, change),
        icon=":material/download:",
    )


def _take_back(import_id: int, file: str) -> None:
    if not person().may(Right.ADMINISTER):
        return
    if st.button("Take this import back", icon=":material/undo:", key=f"undo_{import_id}"):
        _confirm(import_id, file)


@st.dialog("Take this import back?")
def _confirm(import_id: int, file: str) -> None:
    st.write(
        f"The store will hold what it would hold without {escaped(file)}: other imports are "
        "imported again from their saved files. That takes at most about as long as they took."
    )
    if not st.button("Take it back", type="primary", key=f"undo_sure_{import_id}"):
        return
    require(Right.ADMINISTER)
    bar = st.progress(0.0, "Beginning")

    def show(share: float, doing: str) -> None:
        bar.progress(share, escaped(doing))

    try:
        audited.take_back(owner.store(), import_id, person().name, show)
    except (Refused, StoreUnavailable) as error:
        st.error(f"{escaped(str(error))} Nothing has changed.", title="It could not be taken back")
        return
    st.rerun()
