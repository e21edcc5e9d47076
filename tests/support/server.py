"""The running app, and its pages as the agent API of Streamlit returns them."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.paths import ROOT

# A session for each page that a test looks at: the tests of a worker share a server.
AGENT = ("--server.enableAgentApi=true", "--server.agentMaxSessions=5000")


@dataclass(frozen=True)
class Server:
    """The running app."""

    url: str
    store: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def scratch(self) -> Path:
        """The folder of files that do not stay: uploads and spools."""
        return self.store.with_name(self.store.name + ".scratch")

    def page(
        self, path: str = "", query: list[tuple[str, str]] | None = None, *changes: dict[str, Any]
    ) -> dict[str, Any]:
        """A page as the agent API returns it. `path` is "" for the Overview.

        Each of the changes sets some widgets by their keys, one change after the other.
        """
        parameters: dict[str, list[str]] = {}
        for name, value in query or []:
            parameters.setdefault(name, []).append(value)
        page = self._interact(page=path, query_params=parameters)
        for change in changes:
            page = self._interact(session_id=page["session_id"], widget_state=change)
        return page

    def press(self, page: dict[str, Any], button: str, **fields: object) -> dict[str, Any]:
        """The page after a click on the button with this key, with these fields of its form."""
        changes: dict[str, object] = {"widget_state": fields} if fields else {}
        return self._interact(session_id=page["session_id"], trigger={"key": button}, **changes)

    def choose(self, page: dict[str, Any], menu: str, entry: str) -> dict[str, Any]:
        """The page after an entry of the menu with this key has been chosen."""
        return self._interact(session_id=page["session_id"], trigger={"key": menu, "value": entry})

    def set(self, page: dict[str, Any], **widgets: object) -> dict[str, Any]:
        """The page after other values of widgets, by their keys."""
        return self._interact(session_id=page["session_id"], widget_state=widgets)

    def change(self, page: dict[str, Any], **widgets: object) -> dict[str, Any]:
        """The page after widgets are set by their keys, one after the other."""
        for key, value in widgets.items():
            page = self._interact(session_id=page["session_id"], widget_state={key: value})
        return page

    def pick(self, page: dict[str, Any], menu: str, entry: str) -> dict[str, Any]:
        """The page after an entry of the menu with this key is chosen."""
        return self._interact(session_id=page["session_id"], trigger={"key": menu, "value": entry})

    def submit(self, page: dict[str, Any], button: str, **typed: str) -> dict[str, Any]:
        """The page after a form is filled in, by the keys of its fields, and sent."""
        return self._interact(
            session_id=page["session_id"], widget_state=typed, trigger={"key": button}
        )

    def go(self, page: dict[str, Any], path: str, **parameters: list[str]) -> dict[str, Any]:
        """Another page in the same tab, at an address with these parameters."""
        return self._interact(session_id=page["session_id"], page=path, query_params=parameters)

    def again(self, page: dict[str, Any]) -> dict[str, Any]:
        """The page of the same tab when it is drawn again."""
        return self._interact(session_id=page["session_id"])

    def _interact(self, **wanted: object) -> dict[str, Any]:
        response = httpx.post(f"{self.url}/_stcore/agent/interact", json=wanted, timeout=60)
        page: dict[str, Any] = response.json()
        assert page.get("status") == "ready", page
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


def code_rows(page: dict[str, Any]) -> list[list[Any]]:
    """The rows of the table of the Codes page."""
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == "rows_codes"]
    rows: list[list[Any]] = table["data"]["preview"]["rows"]
    assert table["data"]["row_count"] == len(rows)
    return rows


@contextmanager
def serving(
    store: Path, log: Path, script: str = "app.py", agent: bool = True, /, **environment: str
) -> Iterator[Server]:
    """The real server on a free port, until the block ends; `agent`: with Server.page()."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *(AGENT if agent else [])],
            cwd=ROOT,
            env=os.environ | {"VOUCHERS_STORE": str(store)} | environment,
            stdout=output,
            stderr=output,
        )
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    url = f"http://127.0.0.1:{port}/{base}".rstrip("/")
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


@contextmanager
def file_size_limit(server: Server, bytes_: int) -> Iterator[None]:
    """As if the disk were full, for files of more than so many bytes."""
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
