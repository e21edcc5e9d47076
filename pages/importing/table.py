"""The table of the offered files: a row per file, with its scope to be edited in place."""

import re

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from data import owner
from data.importing.preview import Preview
from data.importing.proposals import propose
from data.importing.scope import LONGEST
from data.store.errors import Refused
from pages.importing.descriptions import dates, groups, in_words, origin
from pages.importing.job import ReadyFile
from pages.importing.offered import OfferedFile
from pages.importing.scopes import (
    FIELDS,
    Scopes,
    fill_down,
    key_for_all,
    same_for_all,
    scopes,
)
from pages.text.escape import visible
from pages.text.numbers import plural

MOST_GROUPS = 3  # that are named in a row
LABELS = {
    "folder": ("Folder", "The promotion that the file was exported for."),
    "prefix": ("Prefix", "The prefix of all its codes."),
    "batch": ("Batch", "The batch number of this file."),
}
WIDTHS = {"folder": 115, "prefix": 80, "batch": 75}  # pixels
BLANK = "Left blank, it changes nothing that is known."
COLUMNS: dict[str, ColumnConfig | str | None] = {
    "file": st.column_config.TextColumn("File", width=175, disabled=True),
    **{
        name: st.column_config.TextColumn(
            label, width=WIDTHS[name], help=f"{help_text} {BLANK}", max_chars=LONGEST
        )
        for name, (label, help_text) in LABELS.items()
    },
    "known": st.column_config.TextColumn(
        "Known or proposed",
        width=185,
        disabled=True,
        help="Where folder, prefix and batch in this row come from",
    ),
    "holds": st.column_config.TextColumn("Holds", width=120, disabled=True),
    "groups": st.column_config.TextColumn("Groups", width=95, disabled=True),
    "dates": st.column_config.TextColumn("Dates", width=165, disabled=True),
}


def scope_table(files: list[OfferedFile], found: dict[str, Preview | Refused]) -> list[ReadyFile]:
    """Ask for the scopes of the files that can be stored; returns these, codes first."""
    right = {key: seen for key, seen in found.items() if isinstance(seen, Preview)}
    offered = [file for file in files if file.key in right]
    offered.sort(key=lambda file: _place(file, right[file.key]))
    if not offered:
        return []
    state, store = scopes(), owner.store()
    named = [(file.name, right[file.key]) for file in offered]
    basis = (store.version, [(file.key, file.encoding) for file in offered])
    if state.basis != basis:
        proposals = propose(store, named)
        state.show(dict(zip((file.key for file in offered), proposals, strict=True)))
        state.basis = basis
    state.take_edits()
    st.markdown(in_words(named))
    if len(offered) > 1:
        _for_all()
    st.data_editor(
        _rows(named, state),
        key=state.key,
        # Edits come with the next click: no rerun per cell, and none that is too late for it.
        on_change="ignore",
        column_config=COLUMNS,
        hide_index=True,
        height="content" if len(offered) <= 30 else "auto",
        alt="The files, one per row, with the folder, prefix and batch to be typed in",
    )
    if any(proposal.from_name or proposal.from_codes for proposal in state.proposals.values()):
        st.caption(
            "What is proposed comes from the names of the files, and a prefix from the characters "
            "that all codes of a file begin with. Check it before you import."
        )
    state.take_edits()
    return [
        ReadyFile(file.name, file.path, state.scope(file.key), file.encoding, file.from_inbox)
        for file in offered
    ]


def _for_all() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name in FIELDS:
            label, help_text = LABELS[name]
            st.text_input(
                f"{label} of all files",
                key=key_for_all(name),
                help=f"{help_text} What is typed here is put into every row.",
                max_chars=LONGEST,
                on_change=same_for_all,
                args=(name,),
                width=200,
            )
        st.button(
            "Fill folders down",
            icon=":material/arrow_downward:",
            key="fill_folders_down",
            help="Each blank folder becomes the one above it.",
            on_click=fill_down,
            args=("folder",),
        )


def _rows(files: list[tuple[str, Preview]], state: Scopes) -> pd.DataFrame:
    found = [seen for _, seen in files]
    return pd.DataFrame(
        {
            "file": [visible(name) for name, _ in files],
            **{name: state.column(name) for name in FIELDS},
            "known": [origin(state.proposals[key]) for key in state.shown],
            "holds": [plural(seen.rows, seen.kind.removesuffix("s")) for seen in found],
            "groups": [visible(groups(seen, MOST_GROUPS)) for seen in found],
            "dates": [dates(seen) for seen in found],
        }
    )


def _place(file: OfferedFile, found: Preview) -> tuple[bool, list[tuple[int, str]]]:
    """Codes come before their redemptions, and batch 9 before batch 10."""
    parts = re.split(r"(\d+)", file.name.casefold())
    numbers = [(int(part) if part.isdecimal() else -1, part) for part in parts]
    return found.kind != "codes", numbers
