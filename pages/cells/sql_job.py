"""Runs an SQL cell in a thread, with a button that cancels it."""

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from cachetools import LRUCache

from data import owner
from data.store.copying import NotCopied
from data.store.errors import StoreUnavailable
from data.store.reasons import why
from pages.cells.job_queue import JobQueue
from pages.cells.results import Of
from pages.cells.sql_cells import copy_for, sandboxes
from queries.engine.sandbox.cells import Place, Rows, SqlCell, SqlError, SqlFailed, SqlRows
from queries.engine.sandbox.pool import MOST
from queries.engine.sandbox.sandbox import CANCELLED, Sandbox
from queries.notebooks.adds_up import totals_of, totals_sql
from queries.notebooks.sandboxed import frame_of

MOST_JOBS = 500  # that are remembered until a page takes what came of them
SOON = 0.8  # seconds for which the page waits before it shows a progress
USUAL, LONGER = 10.0, 60.0  # seconds that a cell may take

_queue = JobQueue(MOST)
_lock = threading.Lock()
_jobs: LRUCache[Of, tuple[str, "Job"]] = LRUCache(MOST_JOBS)  # with the keys of their results


class StillRuns(Exception):
    """The cell has no result yet."""


@dataclass
class Job:
    """An SQL cell that runs, of one version of the data, or what came of it."""

    notebook: str
    cell: SqlCell
    earlier: Sequence[SqlCell | Rows]
    version: int
    seconds: float = USUAL
    began: float = 0.0  # by the monotonic clock; 0 while it waits for other cells
    rows: SqlRows | None = None
    totals: dict[str, int] = field(default_factory=dict)  # of the columns that have one
    problem: str = ""
    to_blame: str = ""  # the name of the cell that has the problem
    place: Place | None = None
    is_other_version: bool = False
    timed_out: bool = False
    is_cancelled: bool = False
    is_done: bool = False

    def run(self) -> None:
        """Run the cell on a copy of the data."""
        self.began = time.monotonic()
        copied_at = math.inf  # not yet
        try:
            self._check_cancelled()
            copy = copy_for(owner.store(), self.cell, self.earlier)
            copied_at = time.monotonic()
            with sandboxes.using(self.notebook, copy) as sandbox:
                self._check_cancelled()  # a copy takes its time
                self.is_other_version = copy.version != self.version
                if not self.is_other_version:
                    self.rows = sandbox.run(self.cell, self.earlier, seconds=self.seconds)
                    self.totals = self._totals(sandbox, self.rows)
        except SqlError as error:
            self.problem, self.place = error.reason, error.place
            self.to_blame = error.cell
            self.timed_out = time.monotonic() - copied_at >= self.seconds
        except (NotCopied, StoreUnavailable) as error:
            self.problem = str(error)
        except Exception as error:
            # The thread's future is not read: what is not recorded here would be lost.
            self.problem = f"The cell could not be run: {why(error)}."
        finally:
            self.is_done = True

    def _check_cancelled(self) -> None:
        if self.is_cancelled:
            raise SqlFailed(CANCELLED)

    def _totals(self, sandbox: Sandbox, rows: SqlRows) -> dict[str, int]:
        """The totals of all rows; of more than are shown the sandbox sums them up, if it can."""
        if rows.row_count == rows.table.num_rows:
            return totals_of(frame_of(rows.table), rows.row_count)
        sql = totals_sql(self.cell.name, rows.columns)
        if not sql:
            return {}
        cell = SqlCell("totals_of_it", sql, self.cell.parameters)
        try:
            summed = sandbox.run(cell, [*self.earlier, self.cell], seconds=self.seconds)
        except SqlError:
            return {}  # too long, or too much: the rows are there all the same
        return totals_of(frame_of(summed.table), 1)

    def is_as(self, other: "Job") -> bool:
        """Whether both run on the same version of the data, and for as long."""
        return (self.version, self.seconds) == (other.version, other.seconds)

    def cancel(self) -> None:
        """End the cell, in a callback, or see to it that it never begins."""
        self.is_cancelled = True
        if self.began:
            sandboxes.cancel(self.notebook)


def job_of(of: Of, key: str, job: Job) -> Job:
    """The job of a person's cell, in whatever tab; begun where there is none of that key."""
    with _lock:
        known = _jobs.get(of)
        if known and known[0] == key and known[1].is_as(job):
            return known[1]
        _jobs[of] = (key, job)
    _queue.submit(job.notebook, job.run)
    until = time.monotonic() + SOON
    while not job.is_done and time.monotonic() < until:
        time.sleep(0.01)
    return job


def forget_job(of: Of, job: Job) -> None:
    """Let the next run begin the cell again."""
    with _lock:
        known = _jobs.get(of)
        if known and known[1] is job:
            del _jobs[of]


@st.fragment(run_every="500ms")
def running(job: Job, key: str) -> None:
    """How long the cell has run, and a button that cancels it."""
    if job.is_done:
        st.rerun()
    seconds = time.monotonic() - job.began if job.began else 0.0
    words = f"Running for {seconds:.0f} s" if job.began else "Waiting for another cell"
    st.progress(min(1.0, seconds / job.seconds), words)
    st.button("Cancel", icon=":material/stop_circle:", key=f"cancel_{key}", on_click=job.cancel)
