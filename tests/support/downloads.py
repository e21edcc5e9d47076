"""Downloads from the running app, with their receipts and spools."""

import csv
import hashlib
import io
import json
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest

from queries.downloading import receipts
from queries.downloading.formats import FORMATS
from queries.downloading.job import KINDS
from queries.downloading.spool import Spool
from tests.support.commands import export_main
from tests.support.paths import FIXTURES, ROOT
from tests.support.rows import HEADERS
from tests.support.server import Server

ALL = [(kind, form) for kind in KINDS for form in FORMATS]


def download(server: Server, path: str, **headers: str) -> httpx.Response:
    """A whole download."""
    return httpx.get(server.url + path, headers=headers, timeout=120)


def receipt_of(server: Server, response: httpx.Response) -> dict[str, Any]:
    """The receipt that a download names."""
    found = download(server, response.headers["X-Receipt"])
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("application/json")
    receipt: dict[str, Any] = found.json()
    return receipt


def history_path(store: Path) -> Path:
    return receipts.history_of(store).path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def import_code(server: Server, code: str, folder: Path) -> dict[str, Any]:
    """Import a file with one more code through the command line, which goes through the app."""
    file = folder / f"codes_{code}.csv"
    file.write_text(f"{HEADERS['codes']}\n{code},Email,,,Item,1,,,\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "data.load", "--store", server.store, "--json", file],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    (imported,) = json.loads(done.stdout)["files"]
    assert imported["new"] == imported["rows"] == 1
    return dict(imported)


def file_name(response: httpx.Response) -> str:
    """The name that a browser gives the file."""
    found = re.search(r"filename\*=UTF-8''(\S+)", response.headers["content-disposition"])
    assert found
    return str(httpx.URL("http://x/" + found[1]).path[1:])


def rows_in(content: bytes, form: str) -> int:
    """How many rows a file has, without its header."""
    if form == "csv":
        return sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1
    if form == "parquet":
        return int(pq.read_table(io.BytesIO(content)).num_rows)
    sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
    return sum(sum(1 for _ in sheet.iter_rows()) - 1 for sheet in sheets)


def scratch_files(server: Server) -> set[str]:
    """The names in the store's scratch folder, without what the engine spills there."""
    folder = server.store.with_name(server.store.name + ".scratch")
    return {file.name for file in folder.iterdir() if file.name != "spill"}


def spools(server: Server) -> list[str]:
    """The files of downloads under way."""
    return sorted(name for name in scratch_files(server) if name.startswith("export-"))


def wait_until_no_spool(server: Server) -> None:
    """Wait until no spool is left. One that is written to its end takes longer than this."""
    for _ in range(500):
        if not spools(server):
            return
        time.sleep(0.02)
    raise AssertionError(f"There is still {spools(server)}.")


def request_on_socket(server: Server, path: str) -> socket.socket:
    """A socket on which a download has been requested."""
    url = httpx.URL(server.url)
    client = socket.create_connection((url.host, url.port), timeout=60)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n\r\n".encode())
    return client


def disconnect_after(server: Server, path: str, count: int, abruptly: bool) -> None:
    """Read so many bytes and disconnect, with a reset or without."""
    client = request_on_socket(server, path)
    left = count
    while left > 0 and (data := client.recv(min(left, 1 << 20))):
        left -= len(data)
    if abruptly:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def read_until_broken(response: httpx.Response) -> bytes:
    """What came before the connection broke, which it must."""
    content = b""
    try:
        for data in response.iter_bytes():
            content += data
    except httpx.RemoteProtocolError:
        return content
    raise AssertionError(f"The response ended after {len(content):,} bytes as if it were whole.")


def history_of_text(server: Server) -> str:
    file = history_path(server.store)
    return file.read_text("utf-8") if file.exists() else ""


CODES_OF_FIXTURES = sorted(
    {
        row["Code"]
        for file in FIXTURES.glob("*.csv")
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8"), newline=""))
    }
)
ONLY_SCANNED = "JANEGHOST"  # no codes file knows it


def whole_file(file: Spool) -> Path:
    """Where the file of a spool lies, once it is whole. Raises Failed."""
    while (path := file.finished()) is None:
        time.sleep(0.002)
    return path


def read_to_the_end(file: Spool) -> None:
    while file.chunk():
        pass


def receipt_beside(file: Path) -> Path:
    return file.with_name(file.name + ".receipt.json")


def verify(
    capsysbinary: pytest.CaptureFixture[bytes], file: Path, receipt: Path
) -> tuple[int, str]:
    """Exit code and message of `--verify`: one sentence that quotes no code."""
    code, output, error = export_main(capsysbinary, "--verify", file, receipt)
    message = output.decode() + error
    assert message.count("\n") == 1
    assert message.endswith((".\n", "?\n"))
    assert "Traceback" not in message
    assert "Error" not in message
    assert not any(known in message for known in CODES_OF_FIXTURES)
    return code, message


def assert_safe(name: str) -> None:
    assert 0 < len(name) <= 120
    assert len(name.encode()) <= 255
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name, re.IGNORECASE)
    assert name == name.strip(" .")
