"""What the dashboard servers have in common that `make bench` starts beside the app.

Each statement of a page is a request, as each chart of a dashboard is, and six of them run at a
time, as in a browser.
"""

from abc import ABC, abstractmethod
from argparse import ArgumentTypeError
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import httpx

from tests.bench.peers.engines import Rows
from tests.bench.peers.statements import Statement
from tests.support.clusters.servers import HOST
from tests.support.paths import ROOT
from tests.support.tab import stopwatch

ENVIRONMENT = ROOT / ".venv" / "peers"  # holds what tests/requirements-peers.txt lists
CONNECTIONS = 6  # that a browser opens to one server over HTTP/1.1
PACKAGES = {"superset": "apache-superset", "datasette": "datasette"}  # of each server
KEPT_OPEN = 1  # seconds that a connection waits for the next page; the servers close it after two
LONGEST = 600  # seconds that a statement may take


class Request(NamedTuple):
    method: str
    path: str
    parameters: Mapping[str, str] | None = None
    body: Mapping[str, object] | None = None  # sent as JSON


class Dashboard(ABC):
    """A server that runs SQL for a browser; a subclass says by which requests."""

    dialect: ClassVar[Mapping[str, str]]

    def __init__(self, client: httpx.Client, group: int) -> None:
        """`group` is the number of the process group of the server."""
        self.client = client
        self.group = group

    def run(
        self, statements: Iterable[Statement], from_cache: bool = False
    ) -> tuple[float, list[Rows]]:
        """The seconds from the first request to the last response, and each statement's rows.

        `from_cache` lets the server repeat the results that it has kept.
        """
        requests = self.requests(list(statements), from_cache)
        with ThreadPoolExecutor(CONNECTIONS) as threads, stopwatch() as elapsed:
            responses = list(threads.map(self.send, requests))
            seconds = elapsed()
        return seconds, [self.rows(response) for response in responses]

    @abstractmethod
    def requests(self, statements: Sequence[Statement], from_cache: bool) -> list[Request]:
        """One request for each statement; what prepares them takes no time of the page."""

    @abstractmethod
    def rows(self, response: dict[str, Any]) -> Rows:
        """The rows of a response."""

    def send(self, request: Request) -> dict[str, Any]:
        """The response, read from JSON. Raises AssertionError with what the server says instead."""
        response = self.client.request(
            request.method, request.path, params=request.parameters, json=request.body
        )
        assert response.is_success, f"{request.path}: {response.text[:2000]}"
        found: dict[str, Any] = response.json()
        return found


def client_of(port: int) -> httpx.Client:
    """A client with as many connections as a browser."""
    limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEPT_OPEN)
    return httpx.Client(base_url=f"http://{HOST}:{port}", timeout=LONGEST, limits=limits)


def program(name: str) -> Path:
    """A program of the environment."""
    return ENVIRONMENT / "bin" / name


def named(text: str) -> tuple[str, ...]:
    """The servers that a list with commas names. Raises ArgumentTypeError for another name."""
    names = tuple(text.split(","))
    for name in names:
        if name not in PACKAGES:
            known = " and ".join(PACKAGES)
            raise ArgumentTypeError(f"there is no peer {name!r}: the peers are {known}.")
    return names


def versions(names: Iterable[str]) -> str:
    """The servers that are installed, each with its version."""
    folders = [str(folder) for folder in ENVIRONMENT.glob("lib/python*/site-packages")]
    found = {n: next(iter(distributions(name=PACKAGES[n], path=folders))) for n in names}
    return ", ".join(f"{name.capitalize()} {found[name].version}" for name in found)
