"""What an exception says is in no log and on no page, whoever raises it and whoever logs it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.paths import ROOT
from tests.support.rows import SECRET
from tests.support.server import Server, serving
from tests.support.stores import copied

SCRIPT = str(ROOT / "tests" / "security" / "failing_app.py")


@pytest.fixture(scope="module")
def failing(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with our start and our log, whose page and routes fail with a code."""
    folder = tmp_path_factory.mktemp("failing")
    store = copied(fixture_file, folder)
    with serving(store, folder / "server.log", SCRIPT, VOUCHERS_SAMPLE="0") as running:
        yield running


def logged_by(server: Server, how: str) -> str:
    """What the server logs during a request that fails in this way."""
    before = server.log.stat().st_size
    httpx.get(f"{server.url}/fail/{how}")
    httpx.get(f"{server.url}/fail/of_two_lines")  # after all that the first has left to the loop
    return server.log.read_bytes()[before:].decode()


def test_a_page_that_fails_shows_a_sentence_and_is_logged_by_its_frames(failing: Server) -> None:
    page = httpx.post(f"{failing.url}/_stcore/agent/interact", json={"page": ""}, timeout=60)
    text = failing.log.read_text("utf-8")
    assert "Uncaught app execution\nValueError\n" in text
    assert re.search(r"\nbecause of KeyError\n  \S+failing_app\.py:\d+ in fail\n", text)
    assert "Something went wrong" in page.text
    assert SECRET not in text + page.text


@pytest.mark.parametrize(
    ("how", "logged"),
    [
        ("in_a_route", "Exception in ASGI application"),
        ("in_a_group", "ExceptionGroup"),
        ("in_a_task", "Task exception was never retrieved"),
        ("in_a_callback", "Exception in callback"),
        ("in_a_thread", "The thread of-a-library failed"),
        ("in_a_finalizer", "An error in in_a_finalizer.<locals>.Held.__del__ could not be raised"),
        ("by_a_library", "A library failed: ValueError"),
    ],
)
def test_an_exception_is_logged_by_its_type_and_frames_whoever_logs_it(
    failing: Server, how: str, logged: str
) -> None:
    text = logged_by(failing, how)
    assert logged in text
    assert re.search(r"ValueError\n(  \S+:\d+ in \S+\n)+", text)
    assert "failing_app.py" in text
    assert SECRET not in text


def test_a_warning_is_logged_by_its_type_and_place(failing: Server) -> None:
    text = logged_by(failing, "as_a_warning")
    assert re.search(r"UserWarning at \S+failing_app\.py:\d+\n", text)
    assert SECRET not in text


def test_an_unprintable_character_is_logged_as_an_escape(failing: Server) -> None:
    text = logged_by(failing, "of_two_lines")
    assert "\\x1b[31mb.csv" in text
    assert "\x1b" not in text


@pytest.mark.slow
def test_a_start_that_a_setting_forbids_says_what_the_setting_takes(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="VOUCHERS_LOG_LEVEL takes DEBUG"),
        serving(tmp_path / "v.duckdb", tmp_path / "log", VOUCHERS_LOG_LEVEL="loud"),
    ):
        pass
