"""What tests share: stores, the fixtures of Voucher Manager, the real server, a real browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from data.store.originals import folder_of

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text("utf-8"))


def load_fixtures(store: Store) -> None:
    """Import the fixtures as expected.json says."""
    for file in EXPECTED["load"]:
        scope = Scope(file.get("folder"), file.get("prefix"), file.get("batch"))
        load(store, FIXTURES / file["file"], scope)


def query_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """The URL parameters of one of the expected answers."""
    pairs = [
        (name, value)
        for name, said in answer["filters"].items()
        for value in (said if isinstance(said, list) else [said])
    ]
    return [*pairs, ("asof", answer["asof"])]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    opened = Store(tmp_path / "vouchers.duckdb")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def fixture_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the fixtures in it. Copy it, do not change it."""
    path = tmp_path_factory.mktemp("fixtures") / "vouchers.duckdb"
    opened = Store(path)
    load_fixtures(opened)
    opened.close()
    return path


def copied(store: Path, folder: Path) -> Path:
    """A copy of a closed store, with its originals."""
    shutil.copytree(folder_of(store), folder_of(folder / store.name))
    return Path(shutil.copy(store, folder / store.name))


@pytest.fixture
def loaded(fixture_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with the fixtures in it."""
    opened = Store(copied(fixture_file, tmp_path))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Server:
    """The running app."""

    url: str
    store: Path
    log: Path
    process: subprocess.Popen[bytes]

    def page(
        self, path: str = "", query: list[tuple[str, str]] | None = None, *changes: dict[str, Any]
    ) -> dict[str, Any]:
        """A page as the agent API tells it. `path` is "" for the Overview.

        Each of the changes sets some widgets by their keys, one change after the other.
        """
        said: dict[str, list[str]] = {}
        for name, value in query or []:
            said.setdefault(name, []).append(value)
        page = self._asked(page=path, query_params=said)
        for change in changes:
            page = self._asked(session_id=page["session_id"], widget_state=change)
        return page

    def _asked(self, **wanted: object) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/_stcore/agent/interact", json=wanted, timeout=60)
        page: dict[str, Any] = answer.json()
        assert page["status"] == "ready", page
        return page


def elements(page: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """All elements of one kind (metric, multiselect, plotly_chart …) on a page."""
    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        if node.get("type") == kind:
            found.append(node)
        for child in node.get("children", []):
            walk(child)

    walk(page["tree"])
    return found


def tiles(page: dict[str, Any]) -> dict[str, str]:
    """The tiles of a page: label → value as shown."""
    return {tile["props"]["label"]: tile["props"]["value"] for tile in elements(page, "metric")}


def listed(page: dict[str, Any]) -> list[list[Any]]:
    """The rows of the table of the Codes page."""
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == "rows_codes"]
    rows: list[list[Any]] = table["data"]["preview"]["rows"]
    assert table["data"]["row_count"] == len(rows)
    return rows


@contextmanager
def serving(store: Path, log: Path, script: str = "app.py", **environment: str) -> Iterator[Server]:
    """The real server on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.enableAgentApi=true"],
            cwd=ROOT,
            env=os.environ | {"VOUCHERS_STORE": str(store)} | environment,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process, log)
        yield Server(url, store, log, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text("utf-8")
        try:
            if httpx.get(f"{url}/_stcore/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="session")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the fixtures. For tests that change nothing in the store."""
    folder = tmp_path_factory.mktemp("server")
    path = copied(fixture_file, folder)
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server of the test's own: start(store, VOUCHERS_SAMPLE="0")."""
    stack: list[Any] = []

    def started(store: Path, **environment: str) -> Server:
        context = serving(store, tmp_path / f"server{len(stack)}.log", **environment)
        stack.append(context)
        return context.__enter__()

    yield started
    for context in reversed(stack):
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "The browser tests need Chromium; `make test` installs it."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()
