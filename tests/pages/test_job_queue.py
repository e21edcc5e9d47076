"""Of one notebook one cell runs at a time, and no notebook keeps another one from running."""

import threading
from functools import partial

from pages.cells.job_queue import JobQueue
from pages.cells.sql_job import Job
from queries.engine.sandbox.cells import SqlCell


def test_what_is_submitted_of_a_notebook_runs_in_order_and_never_at_once() -> None:
    queue, ran, at_once, running = JobQueue(3), list[int](), list[int](), threading.Semaphore(1)
    last = threading.Event()

    def job(number: int) -> None:
        at_once.append(running.acquire(blocking=False))
        ran.append(number)
        running.release()
        if number == 19:
            last.set()

    for number in range(20):
        queue.submit("N", partial(job, number))

    assert last.wait(30)
    assert ran == list(range(20))
    assert all(at_once)


def test_a_notebook_with_many_cells_leaves_room_for_others() -> None:
    queue, release, other = JobQueue(2), threading.Event(), threading.Event()

    def wait() -> None:
        release.wait(30)

    for _ in range(5):
        queue.submit("slow", wait)

    queue.submit("other", other.set)

    assert other.wait(30)
    release.set()


def test_what_fails_does_not_keep_the_next_one_from_running() -> None:
    queue, done = JobQueue(1), threading.Event()

    def fail() -> None:
        raise ValueError

    queue.submit("N", fail)
    queue.submit("N", done.set)

    assert done.wait(30)


def test_a_cell_that_waits_can_be_cancelled_before_it_begins() -> None:
    job = Job("N", SqlCell("some", "select 1", {}), (), version=1)

    job.cancel()
    job.run()

    assert (job.is_done, job.problem, job.rows) == (True, "The cell was cancelled.", None)
