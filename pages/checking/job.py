"""Checks a list in a thread, with progress and a stop button."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import streamlit as st

from data import owner
from data.store.errors import EngineError, Interrupted, StoreUnavailable
from data.store.reasons import why
from pages.answers.fetch import data_version, seen
from pages.checking.as_filter import without_itself
from pages.frame.url_state import chosen
from pages.people.lists import KeptList
from queries.checking.check import Checked, check
from queries.checking.listing import NotAList
from queries.engine.elsewhere import interrupt
from queries.engine.execute import Cursor, begin_snapshot
from queries.filters import Filters

WORKERS = ThreadPoolExecutor(2, thread_name_prefix="check")
JOB = "_check_job"
SOON = 0.8  # seconds for which the page waits before it shows a progress
STOPPED = "The check was stopped."


class Stopped(Exception):
    """Somebody has pressed Stop."""


@dataclass
class Job:
    """One check of a list among what was chosen, of one version of the data."""

    kept: KeptList
    filters: Filters
    version: int
    share: float = 0.0
    doing: str = "Waiting for other checks"
    checked: Checked | None = None
    problem: str = ""
    is_done: bool = False
    _is_stopped: bool = False
    _cursor: Cursor | None = field(default=None, repr=False)

    def run(self) -> None:
        """Read and check the list."""
        try:
            self._note(0.0, "Reading the list")
            listed = self.kept.listed()
            with owner.store().cursor() as self._cursor:
                begin_snapshot(self._cursor)
                self.checked = check(self._cursor, listed, self.filters, None, self._note)
        except (NotAList, StoreUnavailable) as error:
            self.problem = str(error)
        except (Stopped, Interrupted):
            self.problem = STOPPED
        except EngineError as error:
            self.problem = f"The list could not be checked: {why(error)}."
        except Exception as error:
            # The thread's future is not read: what is not recorded here would be lost.
            self.problem = f"The list could not be checked: {why(error)}."
        finally:
            self._cursor = None
            self.is_done = True

    def stop(self) -> None:
        """Stop at the next step, and the query that runs at once."""
        self._is_stopped = True
        if cursor := self._cursor:
            interrupt(cursor)

    def _note(self, share: float, doing: str) -> None:
        if self._is_stopped:
            raise Stopped
        self.share, self.doing = share, doing


def job_of(kept: KeptList) -> Job:
    """The check of a list with the filters in force, begun where this tab has none of it."""
    filters, version = seen(without_itself(chosen(), kept)), data_version()
    job: Job | None = st.session_state.get(JOB)
    if job and job.kept is kept and (job.filters, job.version) == (filters, version):
        return job
    if job:
        job.stop()
    job = st.session_state[JOB] = Job(kept, filters, version)
    WORKERS.submit(job.run)
    until = time.monotonic() + SOON
    while not job.is_done and time.monotonic() < until:
        time.sleep(0.01)
    return job


def forget_job() -> None:
    """Let the next run begin anew. Call it from a callback."""
    st.session_state.pop(JOB, None)


@st.fragment(run_every="500ms")
def running(job: Job) -> None:
    """How far the check is, and a button that stops it."""
    if job.is_done:
        st.rerun()
    st.progress(job.share, job.doing)
    st.button("Stop", icon=":material/stop_circle:", key="stop_check", on_click=job.stop)
