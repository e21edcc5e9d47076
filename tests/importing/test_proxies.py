"""The commands talk to the app of this computer, never to a proxy."""

import ast
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import handover
from tests.support.commands import run_load, run_module
from tests.support.imports_page import Start
from tests.support.rows import Code, codes_file
from tests.support.sources import MODULES, name_of


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The first lines of all requests that reach a proxy, which every variable names."""
    seen: list[str] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        raw_requestline: bytes

        def parse_request(self) -> bool:
            seen.append(self.raw_requestline.decode())
            return super().parse_request()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (None, "http://127.0.0.1:8501"),
        ("", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("127.0.0.2", "http://127.0.0.2:8501"),
        ("localhost", "http://localhost:8501"),
        ("vouchers.example.org", "http://vouchers.example.org:8501"),
        ("192.168.1.7", "http://192.168.1.7:8501"),
        ("::", "http://[::1]:8501"),
        ("::1", "http://[::1]:8501"),
        ("[::1]", "http://[::1]:8501"),
        ("fe80::1", "http://[fe80::1]:8501"),
    ],
)
def test_the_app_is_reached_where_it_listens(address: str | None, url: str) -> None:
    assert handover.url_of(address, 8501) == url


def test_what_the_commands_hand_over_reaches_the_app_and_no_proxy(
    ten_codes: Path, tmp_path: Path, start: Start, request: pytest.FixtureRequest
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    requests: list[str] = request.getfixturevalue("proxy")  # from here on
    file = codes_file(tmp_path / "a.csv", Code("A1"))
    done = [
        run_load(ten_codes, file),
        run_module("data.backup", ten_codes, tmp_path / "copy.duckdb"),
        run_module("queries.run", ten_codes, "numbers", "--format", "json"),
        run_module("queries.export", ten_codes, "codes", "-o", tmp_path / "out.csv"),
    ]
    assert [(one.returncode, one.stderr) for one in done][1:] == [(0, "")] * 3
    assert done[0].returncode == 0
    assert json.loads(done[2].stdout)[0]["codes_issued"] == 11
    assert (tmp_path / "out.csv").read_text("utf-8").count("\n") == 12
    assert requests == []
    assert server.process.poll() is None


def test_no_module_opens_an_address_but_by_the_opener_without_proxies() -> None:
    callers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("urlopen", "build_opener")
    }
    assert callers == {"data/handover.py"}
