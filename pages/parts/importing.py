"""The steps of an import by the page: look, say the scope, store, read the result."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import owned
from data.check import Refused
from data.load import Imported, Preview, Scope, load, preview
from data.undo import clear_sample
from pages.parts.words import escaped, plural, whole
from queries.filters import day

T = TypeVar("T")
WORKERS = ThreadPoolExecutor(4, thread_name_prefix="import")


@dataclass(frozen=True)
class Chosen:
    """A file that is ready to be imported."""

    name: str
    path: Path
    scope: Scope


def uploader_key() -> str:
    """Another key after each import, which empties the uploader."""
    return f"uploads_{st.session_state.get('_imports_done', 0)}"


def sample_choice(held: pd.Series) -> bool:
    """Offer to clear the sample data. Returns whether the next import shall do it."""
    if not held["sample_imports"]:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.checkbox(
            "Clear the sample data first", value=not held["own_imports"], key="clear_first"
        )
        st.button(
            "Clear it now",
            key="clear_sample",
            type="tertiary",
            on_click=lambda: clear_sample(owned.store()),
        )
    return chosen


def file_card(upload: UploadedFile) -> Chosen | None:
    """Say what a dropped file is and ask for its scope; None where it cannot be stored."""
    path = _on_disk(upload)
    with st.container(border=True):
        seen = _seen(upload, path)
        if isinstance(seen, Refused):
            st.error(
                f"{escaped(str(seen))} Nothing of this file is stored.",
                title=escaped(upload.name),
                icon=":material/block:",
            )
            return None
        st.markdown(f"**{escaped(upload.name)}**: {_in_words(seen)}")
        return Chosen(upload.name, path, _scope(upload, seen.guess))


def run(files: list[Chosen], clear: bool) -> None:
    """Import the files one after the other, with a progress bar; keeps the results."""
    bar = st.progress(0.0, "Beginning")
    if clear:
        _wait(WORKERS.submit(clear_sample, owned.store()), bar, lambda: (0.0, "Clearing sample"))
    results: list[tuple[str, Imported | Refused]] = []
    for number, file in enumerate(files):
        results.append((file.name, _imported(file, bar, number, len(files))))
    bar.empty()
    for file in files:
        file.path.unlink(missing_ok=True)
    st.session_state["_results"] = results
    st.session_state["_imports_done"] = st.session_state.get("_imports_done", 0) + 1
    for key in [k for k in st.session_state if str(k).startswith("_upload_")]:
        del st.session_state[key]
    st.rerun()


def results() -> None:
    """What the last import did, file by file."""
    for name, result in st.session_state.get("_results", []):
        if isinstance(result, Refused):
            st.error(f"{escaped(str(result))} Nothing of this file is stored.", title=escaped(name))
        else:
            st.success(_outcome(result), title=escaped(name), icon=":material/check_circle:")


def _imported(file: Chosen, bar: DeltaGenerator, number: int, count: int) -> Imported | Refused:
    state = [(0.0, "Beginning")]

    def note(share: float, doing: str) -> None:
        state[0] = (share, doing)

    future = WORKERS.submit(
        load, owned.store(), file.path, file.scope, name=file.name, progress=note
    )
    try:
        return _wait(
            future,
            bar,
            lambda: ((number + state[0][0]) / count, f"{state[0][1]} {escaped(file.name)}"),
        )
    except Refused as error:
        return error


def _wait(future: Future[T], bar: DeltaGenerator, state: Callable[[], tuple[float, str]]) -> T:
    # The work goes on in its own thread, also when the browser tab is closed.
    while not future.done():
        bar.progress(*state())
        time.sleep(0.1)
    return future.result()


def _on_disk(upload: UploadedFile) -> Path:
    """The upload as a file, written once."""
    key = f"_upload_{upload.file_id}"
    path = st.session_state.get(key)
    if path is None or not path.exists():
        with NamedTemporaryFile(
            dir=owned.store().scratch, prefix="upload-", suffix=".csv", delete=False
        ) as file:
            file.write(upload.getbuffer())
        path = st.session_state[key] = Path(file.name)
    return path


def _seen(upload: UploadedFile, path: Path) -> Preview | Refused:
    key = f"_upload_seen_{upload.file_id}"
    if key not in st.session_state:
        with st.spinner(f"Looking at {escaped(upload.name)}"):
            try:
                st.session_state[key] = preview(owned.store(), path, upload.name)
            except Refused as error:
                st.session_state[key] = error
    seen: Preview | Refused = st.session_state[key]
    return seen


def _in_words(seen: Preview) -> str:
    groups = ", ".join(escaped(group) for group in seen.groups) or "no group"
    words = f"{plural(seen.rows, seen.kind.removesuffix('s'))} of {groups}"
    if seen.first and seen.last:
        words += f", {day(seen.first.date())} to {day(seen.last.date())}"
    return words


def _scope(upload: UploadedFile, guess: Scope) -> Scope:
    said = {}
    with st.container(horizontal=True, gap="small"):
        for field, label, help_text in (
            ("folder", "Reporting folder", "The promotion that the file was exported for."),
            ("prefix", "Prefix", "The prefix of all its codes."),
            ("batch", "Batch", "The batch that the file is."),
        ):
            said[field] = st.text_input(
                f"{label} (optional)",
                value=getattr(guess, field) or "",
                key=f"scope_{field}_{upload.file_id}",
                help=f"{help_text} Left blank, it changes nothing that is known.",
            ).strip()
    if guess != Scope():
        st.caption("Guessed from the file's name. Check it before you import.")
    return Scope(**{field: text or None for field, text in said.items()})


def _outcome(imported: Imported) -> str:
    return (
        f"{plural(imported.rows, imported.kind.removesuffix('s'))}: "
        f"{whole(imported.new)} new, {whole(imported.updated)} updated, "
        f"{whole(imported.unchanged)} unchanged, {whole(imported.duplicates)} duplicates."
    )
