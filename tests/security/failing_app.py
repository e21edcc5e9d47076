"""An app with our start and our handling of errors, whose page and routes fail with a code."""

import asyncio
import gc
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from app import lifespan, show_error  # noqa: E402
from tests.support.rows import SECRET  # noqa: E402

_log = logging.getLogger("elsewhere")
CODE = f"{SECRET}RX4WW"


def fail() -> None:
    """Fail because of something else, and quote a code twice."""
    try:
        raise KeyError(CODE)
    except KeyError as error:
        raise ValueError(f"Could not convert '{CODE}'") from error


def in_a_route() -> None:
    fail()


def in_a_task() -> None:
    async def fail_later() -> None:
        fail()

    task = asyncio.create_task(fail_later())
    task.add_done_callback(lambda _: gc.collect())


def in_a_callback() -> None:
    def fail_with(code: str) -> None:
        raise ValueError(code)

    asyncio.get_running_loop().call_soon(fail_with, CODE)


def in_a_thread() -> None:
    thread = threading.Thread(target=fail, name="of-a-library")
    thread.start()
    thread.join()


def in_a_group() -> None:
    try:
        fail()
    except ValueError as error:
        raise ExceptionGroup(CODE, [error]) from None


def in_a_finalizer() -> None:
    class Held:
        def __del__(self) -> None:
            fail()

    Held()


def as_a_warning() -> None:
    warnings.warn(f"Could not convert '{CODE}'", stacklevel=1)


def by_a_library() -> None:
    try:
        fail()
    except ValueError as error:
        _log.warning("A library failed: %s", error)
        _log.warning("A library failed: %(error)s", {"error": error})
        _log.warning(f"A library failed: {error}")
        _log.warning(error)
        _log.warning("A library failed:\n%s", traceback.format_exc())
        traceback.print_exc()
        traceback.print_exception(error)
        _log.warning("A library counts %d", CODE)


def of_two_lines() -> None:
    _log.warning("A name of two lines: %s", "a\n\x1b[31mb.csv")


FAILURES: dict[str, Callable[[], None]] = {
    failure.__name__: failure
    for failure in (
        *(in_a_route, in_a_group, in_a_task, in_a_callback, in_a_thread, in_a_finalizer),
        *(as_a_warning, by_a_library, of_two_lines),
    )
}


async def respond(request: Request) -> Response:
    """GET /fail/in_a_thread and its like."""
    FAILURES[request.path_params["how"]]()
    return PlainTextResponse("")


def page() -> None:
    """The page of an app that fails."""
    fail()


if __name__ == "__main__":
    page()

app = st.App(
    __file__,
    lifespan=lifespan,
    on_script_error=show_error,
    routes=[Route("/fail/{how}", respond)],
)
