"""The steps of an import by the page: look, say the scope, store, read the result."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import owner
from data.importing import inbox
from data.importing.input_file import UTF8
from data.importing.pipeline import load
from data.importing.preview import Preview, preview
from data.importing.progress import Stop
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.replay.undo import clear_sample
from data.store.errors import Refused
from pages.parts.words import escaped, plural, whole
from pages.routes import uploads
from queries.filters import day

WORKERS = ThreadPoolExecutor(4, thread_name_prefix="import")
JOB = "_import_job"
UPLOAD = "_upload_"  # + the upload's ID: where it lies
SEEN = "_seen_"  # + the same: what it is


@dataclass(frozen=True)
class Chosen:
    """A file that is ready to be imported."""

    name: str
    path: Path
    scope: Scope
    encoding: str
    from_inbox: bool = False


@dataclass
class Job:
    """Files that are being imported, in a thread that goes on when the tab is closed."""

    files: list[Chosen]
    clear: bool
    stop: Stop = field(default_factory=Stop)
    results: list[tuple[str, ImportResult | Refused]] = field(default_factory=list)
    share: float = 0.0
    doing: str = "Beginning"
    began: float = field(default_factory=time.monotonic)
    is_done: bool = False

    def run(self) -> None:
        """Import the files one after the other."""
        try:
            if self.clear:
                self.doing = "Clearing the sample data"
                clear_sample(owner.store())
            for number, file in enumerate(self.files):
                self.results.append((file.name, self._import(number, file)))
        except Refused as error:
            self.results.append(("Sample data", error))
        finally:
            for file in self.files:
                if not file.from_inbox:
                    file.path.unlink(missing_ok=True)
            self.is_done = True

    def left(self) -> str:
        """How long it will take from now on, in words."""
        passed = time.monotonic() - self.began
        if passed < 3 or self.share < 0.05:
            return ""
        seconds = round(passed * (1 - self.share) / self.share)
        words = plural(seconds, "second") if seconds < 90 else plural(seconds // 60, "minute")
        return f", about {words} left"

    def _import(self, number: int, file: Chosen) -> ImportResult | Refused:
        def note(share: float, doing: str) -> None:
            self.share = (number + share) / len(self.files)
            self.doing = f"{doing} {file.name}"

        try:
            imported = load(
                owner.store(),
                file.path,
                file.scope,
                name=file.name,
                encoding=file.encoding,
                progress=note,
                stop=self.stop,
            )
        except Refused as error:
            return error
        except Exception as error:  # the files after it must have their turn
            return Refused(f"the import could not be finished ({type(error).__name__}).")
        if file.from_inbox:
            inbox.put_away(file.path)
        return imported


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
            on_click=lambda: clear_sample(owner.store()),
        )
    return chosen


def forget_others(uploaded: list[UploadedFile]) -> None:
    """Delete the uploads of this tab that were taken off the page."""
    here = {f"{UPLOAD}{upload.file_id}" for upload in uploaded}
    for key in [str(k) for k in st.session_state if str(k).startswith(UPLOAD)]:
        if key not in here:
            st.session_state.pop(key).unlink(missing_ok=True)


def upload_card(upload: UploadedFile) -> Chosen | None:
    """Say what a dropped file is and ask for its scope; None where it cannot be stored."""
    return _card(upload.name, _uploaded(upload), upload.file_id)


def inbox_cards() -> list[Chosen]:
    """Offer the files of the inbox; returns those that are ticked and can be stored."""
    waiting = inbox.files()
    ticked = [
        path
        for path in waiting
        if st.checkbox(f"From the inbox: {escaped(path.name)}", key=f"inbox_{path.name}")
    ]
    cards = [_card(path.name, path, f"inbox_{path.name}", from_inbox=True) for path in ticked]
    return [card for card in cards if card]


def start(files: list[Chosen], clear: bool) -> None:
    """Begin to import; the page shows `running` until it is done."""
    job = st.session_state[JOB] = Job(files, clear)
    WORKERS.submit(job.run)
    st.session_state["_imports_done"] = st.session_state.get("_imports_done", 0) + 1
    for key in [k for k in st.session_state if str(k).startswith((UPLOAD, SEEN))]:
        del st.session_state[key]
    st.rerun()


def job() -> Job | None:
    """The import that this tab has begun last."""
    begun: Job | None = st.session_state.get(JOB)
    return begun


@st.fragment(run_every="500ms")
def running(begun: Job) -> None:
    """How far the import is, and a button that stops it."""
    if begun.is_done:
        st.rerun()
    st.progress(begun.share, f"{escaped(begun.doing)}{begun.left()}")
    st.button("Stop", icon=":material/stop_circle:", key="stop_import", on_click=begun.stop.press)


def results(begun: Job) -> None:
    """What the last import did, file by file."""
    for name, result in begun.results:
        if isinstance(result, Refused):
            st.error(f"{escaped(str(result))} Nothing of this file is stored.", title=escaped(name))
            continue
        st.success(_outcome(result), title=escaped(name), icon=":material/check_circle:")
        for warning in result.warnings:
            st.caption(f":material/info: {escaped(warning)}")


def _card(name: str, path: Path, key: str, from_inbox: bool = False) -> Chosen | None:
    with st.container(border=True):
        encoding = st.session_state.get(f"encoding_{key}", UTF8)
        seen = _seen(name, path, key, encoding)
        if isinstance(seen, Refused):
            st.error(
                f"{escaped(str(seen))} Nothing of this file is stored.",
                title=escaped(name),
                icon=":material/block:",
            )
        else:
            st.markdown(f"**{escaped(name)}**: {_in_words(seen)}")
        if encoding != UTF8 or (isinstance(seen, Refused) and seen.maybe_windows):
            st.segmented_control(
                "How is it written?",
                [UTF8, "windows-1252"],
                default=encoding,
                required=True,
                format_func=str.upper,
                key=f"encoding_{key}",
                help="Choose Windows-1252 and see whether the names of the groups look right.",
            )
        if isinstance(seen, Refused):
            return None
        return Chosen(name, path, _scope(key, seen.guess), encoding, from_inbox)


def _uploaded(upload: UploadedFile) -> Path:
    """The upload as a file."""
    key = f"{UPLOAD}{upload.file_id}"
    path: Path | None = st.session_state.get(key)
    if path is None:
        folder = owner.store().scratch
        path = uploads.on_disk(folder, upload.getvalue())
        if path is None:
            with NamedTemporaryFile(
                dir=folder, prefix="upload-", suffix=".csv", delete=False
            ) as file:
                file.write(upload.getbuffer())
            path = Path(file.name)
        st.session_state[key] = path
    return path


def _seen(name: str, path: Path, key: str, encoding: str) -> Preview | Refused:
    known = f"{SEEN}{key}_{encoding}"
    if known not in st.session_state:
        with st.spinner(f"Looking at {escaped(name)}"):
            try:
                if not path.exists():
                    raise Refused("the upload could not be kept. Is the disk full?")
                st.session_state[known] = preview(owner.store(), path, name, encoding)
            except Refused as error:
                st.session_state[known] = error
    seen: Preview | Refused = st.session_state[known]
    return seen


def _in_words(seen: Preview) -> str:
    groups = ", ".join(escaped(group) for group in seen.groups) or "no group"
    words = f"{plural(seen.rows, seen.kind.removesuffix('s'))} of {groups}"
    if seen.first and seen.last:
        words += f", {day(seen.first.date())} to {day(seen.last.date())}"
    return words


def _scope(key: str, guess: Scope) -> Scope:
    said = {}
    with st.container(horizontal=True, gap="small"):
        for name, label, help_text in (
            ("folder", "Reporting folder", "The promotion that the file was exported for."),
            ("prefix", "Prefix", "The prefix of all its codes."),
            ("batch", "Batch", "The batch that the file is."),
        ):
            said[name] = st.text_input(
                f"{label} (optional)",
                value=getattr(guess, name) or "",
                key=f"scope_{name}_{key}",
                help=f"{help_text} Left blank, it changes nothing that is known.",
            ).strip()
    if guess != Scope():
        st.caption("Guessed from the file's name. Check it before you import.")
    return Scope(**{name: text or None for name, text in said.items()})


def _outcome(imported: ImportResult) -> str:
    return (
        f"{plural(imported.rows, imported.kind.removesuffix('s'))}: "
        f"{whole(imported.new)} new, {whole(imported.updated)} updated, "
        f"{whole(imported.unchanged)} unchanged, {whole(imported.duplicates)} duplicates."
    )
