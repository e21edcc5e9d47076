"""The files that are offered for import: dropped on the page, or ticked in the inbox."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import owner
from data.importing import inbox, upload_names
from data.importing.input_file import UTF8
from data.importing.preview import Preview, preview
from data.store.database import Store
from data.store.errors import Refused
from data.store.names import shown
from pages.importing.uploads import SEEN, path_of
from pages.text.escape import escaped
from pages.text.numbers import plural

MANY = 4  # files of the inbox, which nobody wants to tick one by one


@dataclass(frozen=True)
class OfferedFile:
    """A file that may be imported. `key` is its own in the tab."""

    key: str
    name: str
    path: Path
    encoding: str
    from_inbox: bool = False


def dropped(uploads: list[UploadedFile]) -> list[OfferedFile]:
    """The dropped files, on the disk."""
    return [
        OfferedFile(
            upload.file_id, shown(upload.name), path_of(upload), encoding_of(upload.file_id)
        )
        for upload in uploads
    ]


def ticked() -> list[OfferedFile]:
    """Offer the files of the inbox; returns those that are ticked."""
    waiting = {inbox_key(path): path for path in inbox.files()}
    if len(waiting) >= MANY:
        st.button(
            f"Take all {plural(len(waiting), 'file')} of the inbox",
            key="tick_inbox",
            on_click=_tick,
            args=(list(waiting),),
        )
    return [
        OfferedFile(key, shown(path.name), path, encoding_of(key), from_inbox=True)
        for key, path in waiting.items()
        if st.checkbox(f"From the inbox: {escaped(shown(path.name))}", key=key)
    ]


def _tick(keys: list[str]) -> None:
    for key in keys:
        st.session_state[key] = True


def inbox_key(path: Path) -> str:
    """The key of an inbox file. Two names may be shown alike, two keys must differ."""
    return f"inbox_{quote(os.fsencode(path.name), safe=' ')}"


def encoding_of(key: str) -> str:
    """How a file is written, as far as somebody has said."""
    encoding: str = st.session_state.get(f"encoding_{key}", UTF8)
    return encoding


def previews(files: list[OfferedFile]) -> dict[str, Preview | Refused]:
    """What each file is, or why it cannot be stored, by its key; looked at once per tab."""
    unseen = [file for file in files if _known(file) not in st.session_state]
    if unseen:
        names = escaped(unseen[0].name) if len(unseen) == 1 else plural(len(unseen), "file")
        store = owner.store()
        with st.spinner(f"Looking at {names}"), ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda file: _looked_at(store, file), unseen))
        st.session_state.update(zip(map(_known, unseen), found, strict=True))
    return {file.key: st.session_state[_known(file)] for file in files}


def _known(file: OfferedFile) -> str:
    return f"{SEEN}{file.key}_{file.encoding}"


def _looked_at(store: Store, file: OfferedFile) -> Preview | Refused:
    try:
        if not file.path.exists():
            reason = upload_names.failure_of(file.path)
            raise Refused(f"the upload could not be kept: {reason}. Drop it once more.")
        return preview(store, file.path, file.encoding)
    except Refused as error:
        return error
