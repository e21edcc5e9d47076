"""Imports the files of a page in a thread, with progress and a stop button."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import streamlit as st

from data import audited, owner
from data.importing import inbox
from data.importing.progress import Stop
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.errors import Refused, StoreUnavailable
from data.store.priority import behind_pages
from data.store.reasons import why
from pages.importing.uploads import forget_files
from pages.people.current import person, require
from pages.people.person import Right
from pages.text.escape import escaped
from pages.text.numbers import plural

WORKERS = ThreadPoolExecutor(4, thread_name_prefix="import")
JOB = "_import_job"


@dataclass(frozen=True)
class ReadyFile:
    """A file that is ready to be imported."""

    name: str
    path: Path
    scope: Scope
    encoding: str
    from_inbox: bool = False


@dataclass
class Job:
    """Files that are being imported, in a thread that goes on when the tab is closed."""

    files: list[ReadyFile]
    exported_at: datetime
    clear: bool
    who: str
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
                audited.clear_sample(owner.store(), self.who)
            for number, file in enumerate(self.files):
                self.results.append((file.name, self._import(number, file)))
        except (Refused, StoreUnavailable) as error:
            self.results.append(("Sample data", Refused(str(error))))
        except Exception as error:
            # The thread's future is not read: what is not recorded here would be lost.
            self.results.append(("Sample data", Refused(f"it was not cleared: {why(error)}.")))
        finally:
            for file in self.files:
                if not file.from_inbox:
                    file.path.unlink(missing_ok=True)
            self.is_done = True

    def left(self) -> str:
        """How much longer it will take, in words; empty until that can be estimated."""
        passed = time.monotonic() - self.began
        if passed < 3 or self.share < 0.05:
            return ""
        seconds = round(passed * (1 - self.share) / self.share)
        words = plural(seconds, "second") if seconds < 90 else plural(seconds // 60, "minute")
        return f", about {words} left"

    def _import(self, number: int, file: ReadyFile) -> ImportResult | Refused:
        def note(share: float, doing: str) -> None:
            self.share = (number + share) / len(self.files)
            self.doing = f"{doing} {file.name}"

        try:
            result = behind_pages(
                lambda: audited.import_file(
                    owner.store(),
                    file.path,
                    file.scope,
                    self.who,
                    name=file.name,
                    encoding=file.encoding,
                    exported_at=self.exported_at,
                    progress=note,
                    stop=self.stop,
                )
            )
        except Refused as error:
            return error
        except StoreUnavailable as error:
            return Refused(str(error))
        except Exception as error:  # the files after it must have their turn
            return Refused(f"the import could not be finished: {why(error)}.")
        if file.from_inbox and (problem := inbox.put_away(file.path)):
            return replace(result, warnings=(*result.warnings, problem))
        return result


def start(files: list[ReadyFile], exported_at: datetime, clear: bool) -> None:
    """Begin to import; the page shows `running` until it is done."""
    require(Right.IMPORT)
    job = Job([own(file) for file in files], exported_at, clear, person().name)
    st.session_state[JOB] = job
    WORKERS.submit(job.run)
    forget_files()
    st.rerun()


def own(file: ReadyFile) -> ReadyFile:
    """The file under a name of the import's own: uploads are deleted with their session."""
    if file.from_inbox:
        return file
    path = file.path.with_stem(f"{file.path.stem}-importing")
    with suppress(OSError):  # the import will say that it is not there
        file.path.rename(path)
        return replace(file, path=path)
    return file


def latest_job() -> Job | None:
    """The import that this tab has started last."""
    job: Job | None = st.session_state.get(JOB)
    return job


@st.fragment(run_every="500ms")
def running(job: Job) -> None:
    """How far the import is, and a button that stops it."""
    if job.is_done:
        st.rerun()
    st.progress(job.share, f"{escaped(job.doing)}{job.left()}")
    st.button("Stop", icon=":material/stop_circle:", key="stop_import", on_click=job.stop.press)
