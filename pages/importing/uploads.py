"""The dropped files of a tab, and where they lie on the disk."""

from pathlib import Path
from tempfile import NamedTemporaryFile

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import owner
from data.importing import upload_names

UPLOAD = "_upload_"  # + the upload's ID: where it lies
SEEN = "_seen_"  # + the same: its preview
SCOPES = "_scopes"  # the scopes of the files, in scopes.py
IMPORTS_DONE = "_imports_done"


def key_for_now(name: str) -> str:
    """The key of a widget that is empty again after each import."""
    return f"{name}_{st.session_state.get(IMPORTS_DONE, 0)}"


def forget_files() -> None:
    """Forget the dropped files, whose import has begun."""
    st.session_state[IMPORTS_DONE] = st.session_state.get(IMPORTS_DONE, 0) + 1
    for key in [k for k in st.session_state if str(k).startswith((UPLOAD, SEEN, SCOPES))]:
        del st.session_state[key]


def delete_others(uploaded: list[UploadedFile]) -> None:
    """Delete the uploads of this tab that were taken off the page."""
    here = {f"{UPLOAD}{upload.file_id}" for upload in uploaded}
    for key in [str(k) for k in st.session_state if str(k).startswith(UPLOAD)]:
        if key not in here:
            st.session_state.pop(key).unlink(missing_ok=True)


def path_of(upload: UploadedFile) -> Path:
    """The upload as a file on the disk."""
    key = f"{UPLOAD}{upload.file_id}"
    path: Path | None = st.session_state.get(key)
    if path is None:
        folder = owner.store().scratch
        path = upload_names.on_disk(folder, upload.getvalue())
        if path is None:
            with NamedTemporaryFile(
                dir=folder, prefix="upload-", suffix=".csv", delete=False
            ) as file:
                file.write(upload.getbuffer())
            path = Path(file.name)
        st.session_state[key] = path
    return path
