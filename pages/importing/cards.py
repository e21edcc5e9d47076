"""One card per file: what it is, and the scope that the analyst gives it."""

import os
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import audited, owner
from data.importing import inbox
from data.importing.input_file import ENCODINGS, UTF8
from data.importing.preview import Preview
from data.importing.scope import LONGEST, Scope, normalized
from data.store.errors import Refused, StoreUnavailable
from data.store.names import shown
from pages.importing.files import path_of, seen
from pages.importing.job import ReadyFile
from pages.people.current import person, require
from pages.people.person import Right
from pages.text.escape import bold, escaped
from pages.text.numbers import plural
from queries.text import day


def sample_choice(held: pd.Series) -> bool:
    """Offer to clear the sample data. Returns whether the next import clears it."""
    if not held["sample_imports"]:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.checkbox(
            "Clear the sample data first", value=not held["own_imports"], key="clear_first"
        )
        st.button(
            "Clear it now",
            key="clear_sample",
            type="tertiary",
            on_click=_clear_sample,
        )
    return wanted


def _clear_sample() -> None:
    require(Right.IMPORT)
    try:
        audited.clear_sample(owner.store(), person().name)
    except (Refused, StoreUnavailable) as error:
        st.error(
            f"{escaped(str(error))} Nothing has changed.", title="The sample data is still there"
        )


def upload_card(upload: UploadedFile) -> ReadyFile | None:
    """Draw what a dropped file is and ask for its scope; None where it cannot be stored."""
    return _card(shown(upload.name), path_of(upload), upload.file_id)


def inbox_cards() -> list[ReadyFile]:
    """Offer the files of the inbox; returns those that are ticked and can be stored."""
    ticked = [
        path
        for path in inbox.files()
        if st.checkbox(f"From the inbox: {escaped(shown(path.name))}", key=_key(path))
    ]
    cards = [_card(shown(path.name), path, _key(path), from_inbox=True) for path in ticked]
    return [card for card in cards if card]


def _key(path: Path) -> str:
    """The key of an inbox file's widgets. Two names may be shown alike, two keys must differ."""
    return f"inbox_{quote(os.fsencode(path.name), safe=' ')}"


def _card(name: str, path: Path, key: str, from_inbox: bool = False) -> ReadyFile | None:
    with st.container(border=True):
        encoding = st.session_state.get(f"encoding_{key}", UTF8)
        found = seen(name, path, key, encoding)
        if isinstance(found, Refused):
            st.error(
                f"{escaped(str(found))} Nothing of this file is stored.",
                title=escaped(name),
                icon=":material/block:",
            )
        else:
            st.markdown(f"{bold(name)}: {_in_words(found)}")
        if encoding != UTF8 or (isinstance(found, Refused) and found.maybe_windows):
            st.segmented_control(
                "How is it written?",
                ENCODINGS,
                default=encoding,
                required=True,
                format_func=str.upper,
                key=f"encoding_{key}",
                help="Choose Windows-1252 and see whether the names of the groups look right.",
            )
        if isinstance(found, Refused):
            return None
        return ReadyFile(name, path, _scope(key, found.guess), encoding, from_inbox)


def _in_words(found: Preview) -> str:
    groups = ", ".join(escaped(group) for group in found.groups) or "no group"
    if others := found.group_count - len(found.groups):
        groups += f" and {plural(others, 'other')}"
    words = f"{plural(found.rows, found.kind.removesuffix('s'))} of {groups}"
    if found.first and found.last:
        words += f", {day(found.first.date())} to {day(found.last.date())}"
    return words


def _scope(key: str, guess: Scope) -> Scope:
    texts = {}
    with st.container(horizontal=True, gap="small"):
        for name, label, help_text in (
            ("folder", "Reporting folder", "The promotion that the file was exported for."),
            ("prefix", "Prefix", "The prefix of all its codes."),
            ("batch", "Batch", "The batch that the file is."),
        ):
            typed = st.text_input(
                f"{label} (optional)",
                value=getattr(guess, name) or "",
                key=f"scope_{name}_{key}",
                help=f"{help_text} Left blank, it changes nothing that is known.",
                max_chars=LONGEST,
            )
            texts[name] = normalized(typed)
    if guess != Scope():
        st.caption("Guessed from the file's name. Check it before you import.")
    return Scope(**{name: text or None for name, text in texts.items()})
