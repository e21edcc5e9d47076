"""Downloads of the real server: whole or visibly broken, resumable, and with a receipt."""

import contextlib
import csv
import errno
import hashlib
import http.client
import io
import json
import os
import re
import resource
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import duckdb
import httpx
import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data import owner
from data.importing.pipeline import load
from data.importing.scope import Scope
from data.replay.undo import clear_sample, undo
from data.store.database import Store
from data.store.errors import Refused
from pages.downloading import leak_search
from pages.routes import downloads
from queries import export
from queries.downloading import formats, receipts, spool
from queries.filters import PARAMETERS, STATUSES, Filters
from queries.downloading.receipts import History
from queries.engine.execute import begin_snapshot
from queries.engine.totals import run
from tests.browsing import settled
from tests.conftest import FIXTURES, ROOT, Server, copied, elements, serving
from tests.test_excel import FURTHER, rows_of_parquet, sheets_of, typed
from tests.test_export import command, run_main
from tests.test_numbers import HEADERS, NOW, Chain, Code, Scan, filters_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TORTURE = bool(os.environ.get("TORTURE"))
VANISHING = 200 if TORTURE else 20
ROUNDS = 1000 if TORTURE else 100
ALL = [(kind, form) for kind in export.KINDS for form in export.FORMATS]
DAY = date(2026, 11, 23)

# Tests that share a server also share a worker, or each worker would start one.
on_big = pytest.mark.xdist_group("big")
on_own = pytest.mark.xdist_group("own")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over 300,000 codes, a CSV of about 100 MB."""
    folder = tmp_path_factory.mktemp("big")
    chain = Chain(Store(folder / "vouchers.duckdb"), folder)
    chain.load(Code("C0", parent="x" * 300))
    with chain.store.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes "
            "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
            "from vouchers.codes, range(1, 300_000) as numbers(i)"
        )
    chain.store.close()
    with serving(chain.store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture(scope="module")
def own(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the fixtures, for tests that import something more."""
    folder = tmp_path_factory.mktemp("own")
    path = copied(fixture_file, folder)
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    """A whole download."""
    return httpx.get(server.url + path, headers=headers, timeout=120)


def receipt_of(server: Server, answer: httpx.Response) -> dict[str, Any]:
    """The receipt that a download names."""
    found = get(server, answer.headers["X-Receipt"])
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("application/json")
    receipt: dict[str, Any] = found.json()
    return receipt


def history_file(store: Path) -> Path:
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


def named(answer: httpx.Response) -> str:
    """The name that a browser gives the file."""
    said = re.search(r"filename\*=UTF-8''(\S+)", answer.headers["content-disposition"])
    assert said
    return str(httpx.URL("http://x/" + said[1]).path[1:])


def rows_in(content: bytes, form: str) -> int:
    """How many rows a file has, without its header."""
    if form == "csv":
        return sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1
    if form == "parquet":
        return int(pq.read_table(io.BytesIO(content)).num_rows)
    sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
    return sum(sum(1 for _ in sheet.iter_rows()) - 1 for sheet in sheets)


# Clients that vanish, and slow ones.


def scratch(server: Server) -> set[str]:
    """What lies in the store's folder for what is passing, but for the engine's own."""
    folder = server.store.with_name(server.store.name + ".scratch")
    return {file.name for file in folder.iterdir() if file.name != "spill"}


def spools(server: Server) -> list[str]:
    """The files of downloads under way."""
    return sorted(name for name in scratch(server) if name.startswith("export-"))


def cleared(server: Server, seconds: float = 2.0) -> float:
    """Wait until no spool is left; returns how long it took."""
    began = time.monotonic()
    while spools(server):
        if time.monotonic() - began > seconds:
            raise AssertionError(f"After {seconds} s there is still {spools(server)}.")
        time.sleep(0.02)
    return time.monotonic() - began


def asked(server: Server, path: str) -> socket.socket:
    """A socket on which a download has been asked for."""
    url = httpx.URL(server.url)
    client = socket.create_connection((url.host, url.port), timeout=60)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n\r\n".encode())
    return client


def vanish_after(server: Server, path: str, count: int, abruptly: bool) -> None:
    """Read so many bytes and go, with or without a word."""
    client = asked(server, path)
    left = count
    while left > 0 and (data := client.recv(min(left, 1 << 20))):
        left -= len(data)
    if abruptly:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@on_big
def test_clients_that_vanish_at_any_byte_leave_nothing_behind(big: Server, tmp_path: Path) -> None:
    random = Random(4)
    for number in range(VANISHING):
        count = int(10 ** random.uniform(0, 7.9)) if number else 0
        path = random.choice(["codes.csv", "codes.csv?more=yes", "codes.parquet"])
        vanish_after(big, f"/export/{path}", count, abruptly=random.random() < 0.5)
        cleared(big)
    assert get(big, "/_stcore/health").status_code == 200
    assert get(big, "/export/codes.csv?group=nobody").text == HEADERS["codes"] + "\n"
    import_code(big, f"VANISHED{VANISHING}", tmp_path)


@on_big
def test_many_clients_that_vanish_at_once_leave_nothing_behind(big: Server, tmp_path: Path) -> None:
    clients = [asked(big, "/export/codes.csv") for _ in range(20)]
    for client in clients:
        client.recv(1000)
    for client in clients:
        client.close()
    cleared(big)
    assert get(big, "/export/codes.csv?group=nobody").status_code == 200
    import_code(big, "AT-ONCE", tmp_path)


@on_big
def test_an_import_and_its_checkpoint_go_on_while_somebody_downloads_slowly(
    big: Server, tmp_path: Path
) -> None:
    old = httpx.get(f"{big.url}/export/codes.csv", timeout=120)
    digest, size = hashlib.sha256(), 0
    url = httpx.URL(big.url)
    connection = http.client.HTTPConnection(url.host, url.port or 80, timeout=120)
    connection.connect()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.request("GET", "/export/codes.csv")
    answer = connection.getresponse()
    receipt = answer.getheader("X-Receipt")
    assert receipt
    go_on = threading.Event()

    def read_slowly() -> None:
        nonlocal size
        while data := answer.read(1 << 20 if go_on.is_set() else 5000):
            digest.update(data)
            size += len(data)
            if not go_on.is_set():
                time.sleep(0.1)

    reader = threading.Thread(target=read_slowly)
    reader.start()
    time.sleep(2)
    import_code(big, "MEANWHILE", tmp_path)
    wal = big.store.with_name(big.store.name + ".wal")
    assert not wal.exists() or wal.stat().st_size == 0, "No checkpoint was made."
    assert get(big, "/export/codes.csv?prefix=MEANWHILE").text.count("\n") == 2
    assert reader.is_alive()
    assert 0 < size < 1_000_000
    go_on.set()
    reader.join(120)
    connection.close()
    assert (size, digest.hexdigest()) == (len(old.content), sha256(old.content))
    found = get(big, receipt).json()
    assert (found["bytes"], found["sha256"]) == (size, digest.hexdigest())
    assert get(big, "/export/codes.csv").content.count(b"\n") == old.content.count(b"\n") + 1
    cleared(big)


# Honest failure.


@contextmanager
def file_size_limit(server: Server, bytes_: int) -> Iterator[None]:
    """As if the disk were full, for files of more than so many bytes."""
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


def until_it_breaks(answer: httpx.Response) -> bytes:
    """What came before the connection broke, which it must."""
    content = b""
    try:
        for data in answer.iter_bytes():
            content += data
    except httpx.RemoteProtocolError:
        return content
    raise AssertionError(f"The answer ended after {len(content):,} bytes as if it were whole.")


@on_big
def test_a_disk_that_fills_up_half_way_breaks_the_connection(big: Server) -> None:
    with file_size_limit(big, 30_000_000):
        with httpx.stream("GET", f"{big.url}/export/codes.csv", timeout=60) as answer:
            assert answer.status_code == 200
            content = until_it_breaks(answer)
        cleared(big)
    assert content.startswith(HEADERS["codes"].encode())
    assert b"could not" not in content
    assert b"\0" not in content
    receipt = receipt_of(big, answer)
    assert "sha256" not in receipt
    assert "rows" not in receipt


@on_big
@pytest.mark.parametrize("form", export.FORMATS)
def test_a_disk_that_is_full_before_the_first_byte_is_an_error_with_a_sentence(
    big: Server, form: str
) -> None:
    get(big, "/export/codes.csv?group=nobody")  # so that there is a history
    cleared(big)
    before = scratch(big)
    # No room for the history's line, or for nothing more than that; the latter is a
    # matter of some first bytes where a file goes out while it is written.
    for room in (0, 2000) if form == "xlsx" else (0,):
        with file_size_limit(big, history_file(big.store).stat().st_size + room):
            answer = get(big, f"/export/codes.{form}?prefix=C12")
            cleared(big)
        assert answer.status_code == 507
        assert re.fullmatch(r"[A-Z][^\n]*[.?]", answer.text)
        assert "attachment" not in answer.headers.get("content-disposition", "")
    assert get(big, f"/export/codes.{form}?prefix=C12345").status_code == 200
    cleared(big)
    assert scratch(big) == before


class Breaking(export.Spool):
    """A spool that fails after some chunks."""

    chunks = 1
    given = 0

    def chunk(self) -> bytes:
        """The first chunks; then it fails."""
        if self.given == self.chunks:
            raise export.Failed("The disk is full.")
        self.given += 1
        return b"Code,Group_Name\n"


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """A small app on a real port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("chunks", [1, 2])
@pytest.mark.parametrize("form", export.FORMATS)
def test_an_error_after_the_first_byte_breaks_the_connection_and_leaves_no_receipt_of_a_whole_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, form: str, chunks: int
) -> None:
    monkeypatch.setenv("VOUCHERS_STORE", str(loaded.path))
    begun: list[str] = []

    async def broken(_: Request) -> Response:
        history = receipts.history_of(loaded.path)
        cursor, filters = loaded.cursor(), Filters()
        begun.append(history.begin(cursor, "codes", form, filters, NOW, "codes.csv"))
        spool = Breaking(cursor, "codes", filters, NOW, loaded.scratch, form)
        spool.chunks = chunks
        return downloads.Download(spool, spool.chunk(), begun[0], 200, {}, export.FORMATS[form])

    with listening(Starlette(routes=[Route("/file", broken)])) as url:
        with httpx.stream("GET", f"{url}/file") as answer:
            assert answer.status_code == 200
            content = until_it_breaks(answer)
        assert b"full" not in content
        for _ in range(200):
            if not list(loaded.scratch.iterdir()):
                break
            time.sleep(0.01)
    assert not list(loaded.scratch.iterdir())
    receipt = receipts.history_of(loaded.path).receipt(begun[0])
    assert receipt
    assert "sha256" not in receipt


@pytest.mark.parametrize(
    "query",
    [
        "from=soon",
        "colour=red",
        "status=gone",
        "more=maybe",
        "more=yes&more=no",
        "group=",
        "receipt=0123456789abcdef",
    ],
)
@pytest.mark.parametrize("form", export.FORMATS)
def test_what_cannot_be_read_is_refused_in_one_sentence_in_every_format(
    server: Server, form: str, query: str
) -> None:
    before = history_of_text(server)
    answer = get(server, f"/export/codes.{form}?{query}")
    assert answer.status_code == 400
    assert re.fullmatch(r"The[^\n]*\.", answer.text)
    assert history_of_text(server) == before


def history_of_text(server: Server) -> str:
    file = history_file(server.store)
    return file.read_text("utf-8") if file.exists() else ""


# Resuming.


@on_own
@pytest.mark.parametrize(("kind", "form"), ALL)
def test_the_rest_of_a_file_is_given_from_any_byte_on(own: Server, kind: str, form: str) -> None:
    path = f"/export/{kind}.{form}?asof=2016-02-10"
    whole = get(own, path)
    assert whole.headers["accept-ranges"] == "bytes"
    size, tag = len(whole.content), whole.headers["etag"]
    assert re.fullmatch(r'"[^"]+"', tag)
    for start in (1, 2, 100, size // 2, size - 1):
        for headers in ({}, {"If-Range": tag}):
            rest = get(own, path, Range=f"bytes={start}-", **headers)
            assert rest.status_code == 206
            assert rest.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
            assert rest.headers["etag"] == tag
            assert rest.content == whole.content[start:]
    again = get(own, path, Range="bytes=0-")
    assert again.status_code in (200, 206)
    assert again.content == whole.content


@on_own
@pytest.mark.parametrize("form", export.FORMATS)
def test_a_range_behind_the_end_is_416_with_the_size(own: Server, form: str) -> None:
    size = len(get(own, f"/export/codes.{form}").content)
    for start in (str(size), str(size + 1), "9" * 30, "9" * 5000):
        answer = get(own, f"/export/codes.{form}", Range=f"bytes={start}-")
        assert answer.status_code == 416, f"{len(start)} digits"
        assert answer.headers["content-range"] == f"bytes */{size}"
        assert answer.content == b""
    cleared(own)


@on_own
@pytest.mark.parametrize("said", ["bytes=x-", "lines=1-", "bytes=1-2,5-6", "bytes=-5", "bytes=5-8"])
def test_a_range_of_another_kind_gives_what_it_says_or_the_whole_file(
    own: Server, said: str
) -> None:
    whole = get(own, "/export/codes.csv").content
    answer = get(own, "/export/codes.csv", Range=said)
    right = {"bytes=-5": whole[-5:], "bytes=5-8": whole[5:9]}.get(said)
    assert (answer.status_code, answer.content) in [(200, whole), (206, right)]


@on_own
def test_the_tag_is_the_same_for_the_same_data_and_another_for_anything_else(
    own: Server, tmp_path: Path
) -> None:
    paths = [
        *(f"/export/{kind}.{form}?asof=2016-02-10" for kind, form in ALL),
        *("/export/codes.csv", "/export/codes.csv?group=Email", "/export/codes.csv?prefix=Email"),
        "/export/codes.csv?asof=2016-02-11",
        "/export/codes.csv?more=yes&asof=2016-02-10",
    ]

    def tags() -> dict[str, str]:
        return {path: httpx.head(own.url + path).headers["etag"] for path in paths}

    before = tags()
    assert len(set(before.values())) == len(paths)
    if datetime.now().second > 57:
        time.sleep(3)
    assert {path: get(own, path).headers["etag"] for path in paths[:7]} == {
        path: before[path] for path in paths[:7]
    }
    import_code(own, "TAG1", tmp_path)
    assert not set(tags().values()) & set(before.values())


@on_own
@pytest.mark.parametrize("form", export.FORMATS)
def test_resuming_after_an_import_gives_the_whole_new_file(
    own: Server, tmp_path: Path, form: str
) -> None:
    path = f"/export/codes.{form}"
    old = get(own, path)
    import_code(own, f"RESUMED-{form}", tmp_path)
    answer = get(own, path, Range="bytes=10-", **{"If-Range": old.headers["etag"]})
    new = get(own, path)
    assert answer.status_code == 200
    assert "content-range" not in answer.headers
    assert answer.content == new.content != old.content
    assert answer.headers["etag"] == new.headers["etag"] != old.headers["etag"]


@on_big
def test_the_parts_of_a_download_that_broke_off_often_are_the_whole(big: Server) -> None:
    whole = httpx.get(f"{big.url}/export/codes.csv?prefix=C1", timeout=120)
    tag, size = whole.headers["etag"], len(whole.content)
    random = Random(44)
    got = b""
    for _ in range(4):
        headers = {"Range": f"bytes={len(got)}-", "If-Range": tag} if got else {}
        with httpx.stream(
            "GET", f"{big.url}/export/codes.csv?prefix=C1", headers=headers, timeout=60
        ) as answer:
            assert answer.status_code == (206 if got else 200)
            until = len(got) + random.randrange(size // 5)
            for data in answer.iter_bytes():
                got += data
                if len(got) > until:
                    break
    last = get(big, "/export/codes.csv?prefix=C1", Range=f"bytes={len(got)}-")
    assert last.status_code == 206
    assert sha256(got + last.content) == sha256(whole.content)
    cleared(big)


@on_own
def test_a_download_that_was_resumed_to_its_end_has_the_receipt_of_the_whole_file(
    own: Server,
) -> None:
    """What the client has in the end is whole, so something must prove it."""
    whole = get(own, "/export/codes.csv")
    rest = get(own, "/export/codes.csv", Range="bytes=50-", **{"If-Range": whole.headers["etag"]})
    receipt = receipt_of(own, rest)
    assert receipt["sha256"] == sha256(whole.content)
    assert receipt["bytes"] == len(whole.content)


# Receipts.


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_receipt_says_what_was_asked_and_what_came_of_it(
    server: Server, kind: str, form: str
) -> None:
    query = "folder=January 2016&group=Email&status=redeemed&asof=2016-02-10"
    filters = filters_of(query)
    answer = get(server, f"/export/{kind}.{form}?{query}")
    receipt = receipt_of(server, answer)
    assert receipt["filters"] == filters.in_words()
    assert receipt["filters"].startswith("Email in January 2016")
    query = urlencode([*filters.to_query(), ("receipt", receipt["receipt"])])
    assert receipt["url"] == f"/{kind}?{query}"
    assert receipt["rows"] == rows_in(answer.content, form) > 0
    assert receipt["bytes"] == len(answer.content)
    assert receipt["sha256"] == sha256(answer.content)
    assert receipt["what"] == kind
    assert receipt["format"] == form
    assert receipt["file"] == named(answer)
    assert receipt["imports"] == 6
    assert receipt["last_import"] == 6
    assert re.fullmatch("[0-9a-f]{64}", receipt["state"])
    age = datetime.now() - datetime.fromisoformat(receipt["asked_at"])
    assert timedelta(0) <= age < timedelta(minutes=1)


@pytest.mark.parametrize("more", ["", "?more=yes"])
def test_a_receipt_names_the_columns_of_its_file(server: Server, more: str) -> None:
    answer = get(server, f"/export/codes.csv{more}")
    header = answer.text.splitlines()[0].split(",")
    assert receipt_of(server, answer)["columns"] == header


def page_of(server: Server, receipt: dict[str, Any]) -> dict[str, Any]:
    """The page at a receipt's address."""
    path, _, query = receipt["url"].partition("?")
    return server.page(path.removeprefix("/"), parse_qsl(query))


def test_the_address_on_a_receipt_shows_the_view_again(server: Server) -> None:
    answer = get(server, "/export/codes.csv?group=Email&group=SMS&asof=2016-02-10")
    receipt = receipt_of(server, answer)
    page = page_of(server, receipt)
    labels = [button["props"]["label"] for button in elements(page, "link_button")]
    assert f"Download CSV ({receipt['rows']} rows)" in labels


def test_there_is_no_receipt_of_a_download_that_was_not(server: Server) -> None:
    for name in ("0123456789abcdef", "x", "..%2Fvouchers", "%00"):
        answer = get(server, f"/export/receipts/{name}.json")
        assert answer.status_code in (400, 404)


@on_own
def test_the_state_on_receipts_is_another_after_an_import_only(own: Server, tmp_path: Path) -> None:
    first, second = (receipt_of(own, get(own, "/export/codes.csv")) for _ in range(2))
    assert first["state"] == second["state"]
    assert first["sha256"] == second["sha256"]
    assert first["receipt"] != second["receipt"]
    imported = import_code(own, "STATE1", tmp_path)
    third = receipt_of(own, get(own, "/export/codes.csv?group=nobody"))
    assert third["state"] != first["state"]
    assert third["last_import"] == imported["import_id"] > first["last_import"]


@on_own
def test_the_history_only_ever_grows(own: Server, tmp_path: Path) -> None:
    get(own, "/export/codes.csv")
    before = history_file(own.store).read_bytes()
    assert before.endswith(b"\n")
    for path in ("codes.csv?group=nobody", "transactions.xlsx", "codes.parquet?more=yes"):
        get(own, f"/export/{path}")
        now = history_file(own.store).read_bytes()
        assert now.startswith(before)
        assert now.endswith(b"\n")
        assert len(now) > len(before)
        before = now
    import_code(own, "HISTORY1", tmp_path)
    get(own, "/export/codes.csv?colour=red")
    assert history_file(own.store).read_bytes() == before


@on_big
def test_a_download_is_in_the_history_before_its_first_byte_and_whole_only_at_its_end(
    big: Server,
) -> None:
    with httpx.stream("GET", f"{big.url}/export/codes.csv", timeout=60) as answer:
        receipt_id = Path(answer.headers["X-Receipt"]).stem
        lines = history_file(big.store).read_text("utf-8").splitlines()
        (begun,) = [json.loads(line) for line in lines if receipt_id in line]
        next(answer.iter_bytes())
        assert begun["file"] == named(answer)
        assert "sha256" not in begun
    cleared(big)
    broken = receipt_of(big, answer)
    assert "sha256" not in broken
    assert "rows" not in broken


CODES_OF_FIXTURES = sorted(
    {
        row["Code"]
        for file in FIXTURES.glob("*.csv")
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8"), newline=""))
    }
)
ONLY_SCANNED = "JANEGHOST"  # no codes file knows it


@pytest.mark.parametrize("kind", export.KINDS)
def test_no_code_is_in_the_history_or_the_log_even_if_it_was_typed_as_a_beginning(
    server: Server, kind: str
) -> None:
    for code in CODES_OF_FIXTURES:
        if code != ONLY_SCANNED:
            for query in ({"prefix": code}, {"prefix": [code, "JANE"], "group": "Email"}):
                path = f"/export/{kind}.csv?{urlencode(query, doseq=True)}"
                receipt = get(server, get(server, path).headers["X-Receipt"]).text
                assert code not in receipt
    text = history_of_text(server) + server.log.read_text("utf-8")
    assert [c for c in CODES_OF_FIXTURES if c in text and c != ONLY_SCANNED] == []


@pytest.mark.parametrize("kind", export.KINDS)
def test_a_code_that_only_transactions_know_is_not_in_the_history_either(
    server: Server, kind: str
) -> None:
    answer = get(server, f"/export/{kind}.csv?prefix={ONLY_SCANNED}")
    assert ONLY_SCANNED not in get(server, answer.headers["X-Receipt"]).text


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.jsonl")


def begun(history: History, store: Store, query: str = "", kind: str = "codes",
          now: datetime = NOW) -> str:  # fmt: skip
    """Write down that a download begins; returns the receipt's ID."""
    with store.cursor() as cursor:
        filters = filters_of(query)
        return history.begin(cursor, kind, "csv", filters, now, f"{kind}.csv")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e", "\r\n", '"', "🍺"])
def test_the_history_can_be_read_whatever_a_group_is_called(
    loaded: Store, history: History, sign: str
) -> None:
    filters = Filters(group=(f"a{sign}b",))
    with loaded.cursor() as cursor:
        first = history.begin(cursor, "codes", "csv", filters, NOW, "codes.csv")
    second = begun(history, loaded)
    assert [receipt["receipt"] for receipt in history.receipts()] == [second, first]
    receipt = history.receipt(first)
    assert receipt
    assert receipt["filters"] == filters.in_words()


def test_a_line_that_a_crash_has_torn_spoils_no_other(loaded: Store, history: History) -> None:
    first = begun(history, loaded)
    with history.path.open("a", encoding="utf-8") as file:
        file.write('{"receipt": "0123456789abcdef", "asked_at": "20')
    second = begun(history, loaded)
    third = begun(history, loaded)
    found = [receipt["receipt"] for receipt in history.receipts()]
    assert [name for name in found if name in (first, second, third)] == [third, second, first]


def states_in(history: History) -> list[dict[str, Any]]:
    said = [json.loads(line) for line in history.path.read_text("utf-8").splitlines()]
    return [line for line in said if "receipt" not in line]


def test_a_receipt_lists_the_imports_it_rests_on_which_are_written_once_for_each_state(
    chain: Chain, history: History
) -> None:
    first = chain.load(Code("A1"), folder="May", batch="7")
    for _ in range(3):
        begun(history, chain.store)
    second = chain.load(Scan("T1", "05/01/2016 12:00", "A1"))
    begun(history, chain.store)
    undo(chain.store, {second.import_id})
    begun(history, chain.store)
    assert [len(state["imports"]) for state in states_in(history)] == [1, 2]
    last, before, *_ = history.receipts()
    assert [row["import_id"] for row in before["rests_on"]] == [first.import_id, second.import_id]
    (row,) = last["rests_on"]
    assert (row["file"], row["kind"], row["encoding"]) == ("codes.csv", "codes", "utf-8")
    assert (row["folder"], row["prefix"], row["batch"]) == ("May", None, "7")
    assert re.fullmatch("[0-9a-f]{64}", row["sha256"])


def test_the_imports_of_a_state_whose_line_a_crash_has_torn_are_written_again(
    loaded: Store, history: History
) -> None:
    begun(history, loaded)
    line = history.path.read_bytes().splitlines()[0]
    history.path.write_bytes(line[: len(line) // 2])
    second = begun(history, loaded)
    receipt = history.receipt(second)
    assert receipt
    assert len(receipt["rests_on"]) == 6


@pytest.mark.parametrize("scope", [{"folder": "May"}, {"prefix": "May"}, {"batch": "May"}, {}])
def test_the_same_file_with_another_scope_is_another_state(
    tmp_path: Path, scope: dict[str, str]
) -> None:
    states = set()
    for number, said in enumerate(({"folder": "A", "prefix": "B", "batch": "C"}, scope)):
        folder = tmp_path / str(number)
        chain = Chain(Store(folder / "vouchers.duckdb"), folder)
        chain.load(Code("A1"), **said)
        states.add(chain.ask("state")[0]["digest"])
        chain.store.close()
    assert len(states) == 2


# Which downloads held a code.


@pytest.fixture
def chain(store: Store, tmp_path: Path) -> Chain:
    return Chain(store, tmp_path)


class Asked:
    """Downloads by the names that a test gives them."""

    def __init__(self, chain: Chain, history: History) -> None:
        self.chain = chain
        self.history = history
        self.names: dict[str, str] = {}

    def download(self, name: str, query: str = "", kind: str = "codes",
                 now: datetime = NOW) -> None:  # fmt: skip
        self.names[begun(self.history, self.chain.store, query, kind, now)] = name

    def held(self, code: str) -> set[str]:
        found = self.trace(code)
        assert not found.unknown
        return self.named(found)

    def trace(self, code: str) -> leak_search.Trace:
        return leak_search.trace_in(self.chain.store, self.history.receipts(), code)

    def named(self, found: leak_search.Trace) -> set[str]:
        return {self.names[receipt["receipt"]] for receipt in found.receipts}


@pytest.fixture
def asked_for(chain: Chain, history: History) -> Asked:
    return Asked(chain, history)


def test_it_is_told_which_downloads_held_a_code_by_their_filters(asked_for: Asked) -> None:
    chain = asked_for.chain
    chain.load(Code("AB1", "Email"), Code("AB2", "SMS"), Code("=1'+\"1", "Email"), folder="May")
    chain.load(Scan("T1", "10/01/2016 12:00", "AB1", site="Site7"))
    asked_for.download("all")
    asked_for.download("more", kind="codes_more")
    asked_for.download("email", "group=Email")
    asked_for.download("sms in May", "group=SMS&folder=May")
    asked_for.download("begins", "prefix=AB")
    asked_for.download("whole code", "prefix=AB1")
    asked_for.download("two", "prefix=AB1&prefix=AB2")
    asked_for.download("nobody", "group=nobody")
    asked_for.download("redeemed", "status=redeemed")
    asked_for.download("active then", "status=active&asof=2016-01-05")
    asked_for.download("scans", kind="transactions")
    asked_for.download("scans of Site7", "site=Site7&from=2016-01-10&to=2016-01-10", "transactions")
    asked_for.download("scans of Site8", "site=Site8", "transactions")
    asked_for.download("scans of February", "from=2016-02-01", "transactions")
    assert asked_for.held("AB1") == {
        *("all", "more", "email", "begins", "whole code", "two", "redeemed", "active then"),
        *("scans", "scans of Site7"),
    }
    assert asked_for.held("AB2") == {"all", "more", "sms in May", "begins", "two", "active then"}
    assert asked_for.held("=1'+\"1") == {"all", "more", "email", "active then"}
    for other in ("AB", "AB11", "ab1", "", " AB1"):
        assert asked_for.held(other) == set()


def test_a_download_from_before_the_code_was_imported_did_not_hold_it(asked_for: Asked) -> None:
    asked_for.download("of the empty store")
    asked_for.chain.load(Code("A1"))
    asked_for.download("first")
    asked_for.download("first scans", kind="transactions")
    asked_for.chain.load(Code("A1"), Code("A2"))
    asked_for.chain.load(Scan("T1", "10/01/2016 12:00", "A1"), Scan("T2", "10/01/2016 12:00", "A2"))
    asked_for.download("second")
    asked_for.download("second scans", kind="transactions")
    assert asked_for.held("A1") == {"first", "second", "second scans"}
    assert asked_for.held("A2") == {"second", "second scans"}


def test_a_code_redeemed_after_a_download_was_active_then(asked_for: Asked) -> None:
    chain = asked_for.chain
    chain.load(Code("A1"))
    asked_for.download("active", "status=active", now=datetime(2016, 1, 5))
    asked_for.download("redeemed", "status=redeemed", now=datetime(2016, 1, 5))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"))
    asked_for.download("redeemed later", "status=redeemed", now=datetime(2016, 1, 11))
    assert asked_for.held("A1") == {"active", "redeemed later"}


def test_a_download_that_broke_off_is_told_too_because_it_may_have_held_the_code(
    asked_for: Asked,
) -> None:
    asked_for.chain.load(Code("A1"))
    asked_for.download("broken")
    (receipt,) = asked_for.history.receipts()
    assert "sha256" not in receipt
    assert asked_for.held("A1") == {"broken"}


def test_a_code_that_moved_to_another_folder_is_traced_to_the_downloads_of_each_folder_then(
    asked_for: Asked,
) -> None:
    chain = asked_for.chain
    chain.load(Code("A1"), folder="May")
    chain.load(Code("B1"), folder="June")
    asked_for.download("May before", "folder=May")
    asked_for.download("June before", "folder=June")
    chain.load(Code("A1"), folder="June")
    asked_for.download("May after", "folder=May")
    asked_for.download("June after", "folder=June")
    assert asked_for.held("A1") == {"May before", "June after"}
    assert asked_for.held("B1") == {"June before", "June after"}


def test_a_code_whose_import_was_taken_back_is_traced_to_the_downloads_of_before(
    asked_for: Asked,
) -> None:
    chain = asked_for.chain
    wrong = chain.load(Code("A1"), Code("W1"))
    asked_for.download("before")
    undo(chain.store, {wrong.import_id})
    asked_for.download("between")
    chain.load(Code("A1"))
    asked_for.download("after")
    assert asked_for.held("A1") == {"before", "after"}
    assert asked_for.held("W1") == {"before"}


def test_a_redemption_that_came_to_be_known_later_changes_nothing_about_a_download(
    asked_for: Asked,
) -> None:
    chain, late = asked_for.chain, datetime(2016, 1, 20)
    chain.load(Code("A1"))
    chain.load(Scan("T1", "05/01/2016 12:00", "A1"))
    for status in ("redeemed", "cancelled"):
        asked_for.download(f"{status} before", f"status={status}", now=late)
        asked_for.download(
            f"{status} scans before", f"cancelled={'yes' if status == 'cancelled' else 'no'}",
            "transactions", late,
        )  # fmt: skip
    chain.load(Scan("T1", "05/01/2016 12:00", "A1", cancelled="Yes"))
    for status in ("redeemed", "cancelled"):
        asked_for.download(f"{status} after", f"status={status}", now=late)
    assert asked_for.held("A1") == {"redeemed before", "redeemed scans before", "cancelled after"}


def test_dates_that_changed_since_are_as_they_were(asked_for: Asked) -> None:
    chain, day = asked_for.chain, datetime(2016, 3, 1)
    chain.load(Code("A1", expiry="01/02/2016 00:00"))
    asked_for.download("expired", "status=expired", now=day)
    asked_for.download("active", "status=active", now=day)
    chain.load(Code("A1", expiry="01/02/2017 00:00"))
    asked_for.download("expired later", "status=expired", now=day)
    asked_for.download("active later", "status=active", now=day)
    assert asked_for.held("A1") == {"expired", "active later"}


def test_sample_data_and_the_real_files_after_it_are_not_confused(
    asked_for: Asked, tmp_path: Path
) -> None:
    chain = asked_for.chain
    sample = tmp_path / "sample.csv"
    sample.write_text(f"{HEADERS['codes']}\nA1,Email,,,Item,1,,,\n", "utf-8")
    first = load(chain.store, sample, Scope(folder="Sample"), is_sample=True)
    asked_for.download("of the sample")
    clear_sample(chain.store)
    asked_for.download("of nothing")
    real = chain.load(Code("B1"), folder="May")
    asked_for.download("of May", "folder=May")
    assert real.import_id > first.import_id
    assert asked_for.held("A1") == {"of the sample"}
    assert asked_for.held("B1") == {"of May"}


def test_a_transaction_that_names_another_code_later_is_traced_to_each_of_them(
    asked_for: Asked,
) -> None:
    chain = asked_for.chain
    chain.load(Scan("T1", "05/01/2016 12:00", "A1"), folder="May")
    asked_for.download("first", kind="transactions")
    chain.load(Scan("T1", "05/01/2016 12:00", "B1"))
    asked_for.download("second", "folder=May", "transactions")
    assert asked_for.held("A1") == {"first"}
    assert asked_for.held("B1") == {"second"}


def test_a_typed_whole_code_that_others_begin_with_is_traced_for_those_too(
    asked_for: Asked,
) -> None:
    asked_for.chain.load(Code("AB1"), Code("AB12"), Code("XY3"), prefix="AB1")
    asked_for.download("whole code", "prefix=AB1")
    asked_for.download("another", "prefix=XY3")
    assert "AB1" not in asked_for.history.path.read_text("utf-8")
    assert asked_for.held("AB1") == asked_for.held("AB12") == {"whole code"}
    # By its import's prefix, which is told by a hash only.
    assert asked_for.held("XY3") == {"whole code", "another"}


def test_a_code_in_a_windows_file_with_quotes_in_it_is_traced(
    asked_for: Asked, tmp_path: Path
) -> None:
    file = tmp_path / "windows.csv"
    text = f'{HEADERS["codes"]}\r\n"É""1",Email,,,Item,1,,,\r\n'
    file.write_bytes(text.encode("windows-1252"))
    load(asked_for.chain.store, file, encoding="windows-1252")
    asked_for.download("all")
    assert asked_for.held('É"1') == {"all"}
    assert asked_for.held("語") == set()


@pytest.mark.parametrize("damage", ["gone", "cut short", "altered"])
def test_where_an_original_is_gone_or_damaged_it_is_said_of_which_downloads_nothing_can_be_said(
    asked_for: Asked, damage: str
) -> None:
    chain = asked_for.chain
    chain.load(Code("A1"))
    asked_for.download("first")
    lost = chain.load(Code("B1"), folder="May")
    asked_for.download("second")
    asked_for.download("third", "folder=May")
    (row,) = chain.ask("imports")[:1]
    kept = chain.store.originals / f"{row['sha256']}.csv.zst"
    content = {"cut short": kept.read_bytes()[:20], "altered": zstd.compress(b"Code\nA1\n")}
    kept.unlink()
    if damage != "gone":
        kept.write_bytes(content[damage])
    for code in ("A1", "B1"):
        found = asked_for.trace(code)
        assert asked_for.named(found) == {"A1": {"first"}, "B1": set()}[code]
        ((reason, count),) = found.unknown.items()
        assert count == 2
        assert f"{lost.file} (import {lost.import_id})" in reason
        assert "gone or damaged" in reason


def test_of_a_receipt_from_before_states_were_written_down_nothing_is_said(
    asked_for: Asked,
) -> None:
    asked_for.chain.load(Code("A1"))
    asked_for.download("older")
    path = asked_for.history.path
    path.write_text(path.read_text("utf-8").split("\n", 1)[1], "utf-8")  # the state's line
    found = asked_for.trace("A1")
    assert found.receipts == []
    assert list(found.unknown.values()) == [1]


def test_tracing_leaves_nothing_behind_and_changes_nothing(asked_for: Asked) -> None:
    store = asked_for.chain.store
    asked_for.chain.load(Code("A1"))
    asked_for.download("all")
    before = sorted(path.name for path in store.scratch.iterdir()), store.version
    assert asked_for.held("A1") == {"all"}
    assert (sorted(path.name for path in store.scratch.iterdir()), store.version) == before


# A code that others begin with, and one that a spreadsheet would alter.
TRACED = ["A1", "A12", "B1", "=1'+\"1", "007"]


def some_rows(random: Random) -> list[Code] | list[Scan]:
    """A few rows of one kind, now and then with the same key twice."""
    if random.random() < 0.5:
        return [
            Code(
                random.choice(TRACED),
                random.choice(["Email", "SMS"]),
                expiry=random.choice(["", "15/01/2016 00:00", "01/09/2016 00:00"]),
                redeemed=random.choice(["", "", "10/01/2016 09:00"]),
            )
            for _ in range(random.randint(1, 4))
        ]
    return [
        Scan(
            f"T{random.randint(1, 6)}",
            f"{random.randint(1, 28):02}/01/2016 12:00",
            random.choice(TRACED),
            random.choice(["Email", "SMS"]),
            cancelled=random.choice(["No", "Yes"]),
            deleted=random.choice(["No", "No", "No", "Yes"]),
        )
        for _ in range(random.randint(1, 4))
    ]


def some_scope(random: Random) -> dict[str, str]:
    offered = {"folder": ["May", "June"], "prefix": ["A", "A1"], "batch": ["1", "2"]}
    return {n: random.choice(values) for n, values in offered.items() if random.random() < 0.4}


TRACED_VALUES = {
    "folder": ["May", "June", "(no folder)"],
    "group": ["Email", "SMS"],
    "prefix": ["A", "A1", "A12", "00", "(no prefix)"],
    "batch": ["1", "2", "(no batch)"],
    "status": list(STATUSES),
}


def codes_in(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["Code"] for row in csv.DictReader(lines)}


@pytest.mark.parametrize("seed", range(100 if TORTURE else 4))
def test_the_traced_downloads_are_those_whose_files_have_the_code_whatever_happened_since(
    chain: Chain, history: History, tmp_path: Path, seed: int
) -> None:
    random, holding, file = Random(seed), dict[str, set[str]](), tmp_path / "out.csv"
    for _ in range(14):
        what = random.random()
        if what < 0.45:
            with contextlib.suppress(Refused):
                chain.load(*some_rows(random), **some_scope(random))
        elif what < 0.55:
            undo(chain.store, {random.randint(1, 8)})
        for _ in range(3):
            pairs = some_filters(random, TRACED_VALUES)
            filters = Filters.from_query(pair for pair in pairs if pair[0] in TRACED_VALUES)[0]
            kind = random.choice(["codes", "codes_more", "transactions"])
            now = datetime(2016, 1, 1) + timedelta(hours=random.randrange(1000))
            with chain.store.cursor() as cursor:
                receipt = history.begin(cursor, kind, "csv", filters, now, "out.csv")
                export.write(cursor, kind, filters, now, file)
            holding[receipt] = codes_in(file)
    for code in TRACED:
        found = leak_search.trace_in(chain.store, history.receipts(), code)
        assert not found.unknown
        assert {receipt["receipt"] for receipt in found.receipts} == {
            receipt for receipt, codes in holding.items() if code in codes
        }


def note_of(page: dict[str, Any]) -> list[str]:
    """What a page says of the receipt that its address names."""
    said = [e["props"]["body"] for kind in ("info", "warning") for e in elements(page, kind)]
    return [text for text in said if "download" in text or "receipt" in text]


@on_own
def test_the_view_of_a_receipt_says_of_which_download_and_whether_the_data_has_changed(
    own: Server, tmp_path: Path
) -> None:
    receipt = receipt_of(own, get(own, "/export/codes.csv?group=Email"))
    at = datetime.fromisoformat(receipt["asked_at"])
    about = f"This is the view of the download {receipt['file']} of {at:%d/%m/%Y at %H:%M}."
    about = about.replace("_", r"\_")
    page = page_of(own, receipt)
    assert page["query_params"] == {"group": ["Email"], "receipt": [receipt["receipt"]]}
    assert note_of(page) == [f"{about} The data has not changed since."]
    import_code(own, "VIEW1", tmp_path)
    assert note_of(page_of(own, receipt)) == [
        f"{about} The data has changed since then, so numbers may differ: "
        "1 import added, 0 taken back."
    ]


def test_a_receipt_that_there_is_not_or_of_another_view_is_said_in_one_sentence(
    server: Server,
) -> None:
    receipt = receipt_of(server, get(server, "/export/codes.csv?group=Email"))["receipt"]
    for path, query in (
        ("codes", [("receipt", "0123456789abcdef")]),
        ("codes", [("group", "SMS"), ("receipt", receipt)]),
        ("transactions", [("group", "Email"), ("receipt", receipt)]),
        ("codes", [("receipt", "<b>x"), ("receipt", "y")]),
    ):
        page = server.page(path, query)
        assert note_of(page) == [
            "There is no receipt of this view under the ID that the address names."
        ]
        assert not elements(page, "exception")


def test_the_receipt_leaves_the_address_with_its_filters_and_with_its_page(
    server: Server, context: BrowserContext
) -> None:
    receipt = receipt_of(server, get(server, "/export/codes.csv?group=Email&folder=January 2016"))
    page = context.new_page()
    note = page.get_by_text("This is the view of the download")

    def opened() -> None:
        page.goto(server.url + receipt["url"])
        settled(page)
        expect(note).to_be_visible()
        assert page.url.endswith(receipt["receipt"])

    opened()
    page.get_by_role("button", name="Email", exact=True).first.click()
    settled(page)
    expect(note).not_to_be_visible()
    assert "receipt" not in page.url
    opened()
    page.get_by_role("link", name="Batches").first.click()
    settled(page)
    expect(note).not_to_be_visible()
    assert "receipt" not in page.url
    assert "group=Email" in page.url


# One state.


@contextmanager
def routes_of(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The download routes in this process, so that a test can play the disk."""
    path = store.path
    store.close()
    monkeypatch.setenv("VOUCHERS_STORE", str(path))
    try:
        with listening(Starlette(routes=downloads.ROUTES)) as url:
            yield url
    finally:
        owner.close()


def test_the_file_has_the_rows_of_the_state_on_its_receipt_whatever_is_imported_in_between(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin = History.begin

    def begin_and_import(*arguments: Any) -> str:  # noqa: ANN401 - as it comes
        receipt = begin(*arguments)
        Chain(owner.store(), tmp_path).load(Code(f"BETWEEN-{receipt}", "Email"))
        return receipt

    monkeypatch.setattr(History, "begin", begin_and_import)
    with routes_of(loaded, monkeypatch) as url:
        for number, form in enumerate(export.FORMATS):
            tag = httpx.head(f"{url}/export/codes.{form}").headers["etag"]
            answer = httpx.get(f"{url}/export/codes.{form}")
            receipt = httpx.get(url + answer.headers["X-Receipt"]).json()
            assert answer.headers["etag"] == tag
            assert rows_in(answer.content, form) == receipt["rows"] == 18 + number
            assert len(receipt["rests_on"]) == receipt["imports"] == 6 + number
            code = f"BETWEEN-{receipt['receipt']}"
            assert leak_search.trace_in(owner.store(), [receipt], code) == leak_search.Trace([], Counter())


def read_to_its_end(file: export.Spool) -> None:
    while file.chunk():
        pass


def test_no_old_rows_are_kept_for_a_reader_when_the_file_is_written(loaded: Store) -> None:
    cursor = loaded.cursor()
    begin_snapshot(cursor)
    file = export.Spool(cursor, "codes", Filters(), NOW, loaded.scratch)
    read_to_its_end(file)
    with pytest.raises(duckdb.ConnectionException):
        cursor.execute("select 1")
    file.close()


# Room.


class Usage(NamedTuple):
    """What the operating system says of a disk."""

    free: int


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_download_that_would_leave_less_than_256_mb_free_is_refused_and_not_written_down(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, kind: str, form: str
) -> None:
    history = receipts.history_of(loaded.path)
    with routes_of(loaded, monkeypatch) as url:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(256 * 1024**2 + 500))
        answer = httpx.get(f"{url}/export/{kind}.{form}")
        assert answer.status_code == 507
        assert answer.text == spool.NO_ROOM
        assert history.receipts() == []
        assert list(owner.store().scratch.iterdir()) == []
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(257 * 1024**2))
        assert httpx.get(f"{url}/export/{kind}.{form}").status_code == 200


def test_a_csv_file_that_meets_the_limit_half_way_breaks_the_connection(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loaded.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes select codes.* replace (code || i as code)"
            " from vouchers.codes, range(100_000) as numbers(i)"
        )
    begun = threading.Event()

    def free(_: Path) -> Usage:
        return Usage(256 * 1024**2 - 1 if begun.is_set() else 10**9)

    history = receipts.history_of(loaded.path)
    with routes_of(loaded, monkeypatch) as url:
        monkeypatch.setattr(shutil, "disk_usage", free)
        with httpx.stream("GET", f"{url}/export/codes.csv") as answer:
            assert answer.status_code == 200
            begun.set()
            content = until_it_breaks(answer)
    assert content.startswith(HEADERS["codes"].encode())
    (receipt,) = history.receipts()
    assert "sha256" not in receipt


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_file_of_rows_that_meets_the_limit_half_way_is_no_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(99))
    file = export.Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch, form, room=100)
    with pytest.raises(export.Failed, match="not enough room"):
        read_to_its_end(file)
    file.close()


def test_a_disk_that_takes_only_a_part_of_the_last_bytes_is_noticed(loaded: Store) -> None:
    """It then refuses the next bytes only, and there are none."""
    with loaded.cursor() as cursor:
        whole = loaded.path.with_name("whole.csv")
        export.write(cursor, "codes", Filters(), NOW, whole)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole.stat().st_size - 10, before[1]))
    try:
        file = export.Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
        with pytest.raises(export.Failed):
            read_to_its_end(file)
        file.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# Verifying.


@pytest.fixture
def with_receipt(fixture_file: Path, tmp_path: Path) -> Path:
    """A file that the command has written, with its receipt beside it."""
    file = tmp_path / "out.csv"
    store = shutil.copy(fixture_file, tmp_path / "vouchers.duckdb")
    assert export.main(["codes", "--store", str(store), "-o", str(file)]) == 0
    return file


def beside(file: Path) -> Path:
    return file.with_name(file.name + ".receipt.json")


def verified(
    capsysbinary: pytest.CaptureFixture[bytes], file: Path, receipt: Path
) -> tuple[int, str]:
    """Exit code and what was said: one sentence that names the file."""
    code, output, error = run_main(capsysbinary, "--verify", file, receipt)
    said = output.decode() + error
    assert said.count("\n") == 1
    assert said.endswith((".\n", "?\n"))
    assert "Traceback" not in said
    assert "Error" not in said
    assert not any(known in said for known in CODES_OF_FIXTURES)
    return code, said


def test_a_whole_file_is_said_to_be_whole(with_receipt: Path) -> None:
    done = command("--verify", with_receipt, beside(with_receipt))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "out.csv: whole and unaltered.\n"


def test_a_file_altered_by_any_one_byte_is_found(
    with_receipt: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    whole = with_receipt.read_bytes()
    for place in (0, 1, len(whole) // 2, len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1
        with_receipt.write_bytes(altered)
        code, said = verified(capsysbinary, with_receipt, beside(with_receipt))
        assert code == 1
        assert "altered" in said
    with_receipt.write_bytes(whole)
    assert verified(capsysbinary, with_receipt, beside(with_receipt))[0] == 0


def test_a_file_cut_short_or_grown_is_found(
    with_receipt: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    whole = with_receipt.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], b"", whole + b"\n"):
        with_receipt.write_bytes(content)
        code, said = verified(capsysbinary, with_receipt, beside(with_receipt))
        assert code == 1
        assert f"{len(content):,} bytes" in said
        assert f"{len(whole):,}" in said


def test_the_receipt_of_a_broken_download_proves_nothing(
    with_receipt: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    receipt = json.loads(beside(with_receipt).read_text("utf-8"))
    for name in ("sha256", "rows", "bytes"):
        del receipt[name]
    beside(with_receipt).write_text(json.dumps(receipt), "utf-8")
    code, said = verified(capsysbinary, with_receipt, beside(with_receipt))
    assert code == 1
    assert "broke off" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b'{"sha256": 1}', b'{"sha256": null}',
     b'{"sha256": "x", "bytes": "many"}', b'{"sha256": "x", "bytes": null}'],
    ids=lambda content: repr(content[:20]),
)  # fmt: skip
def test_a_receipt_that_cannot_be_read_is_said(
    with_receipt: Path, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    beside(with_receipt).write_bytes(content)
    code, said = verified(capsysbinary, with_receipt, beside(with_receipt))
    assert code == 1
    assert "receipt" in said


def test_a_file_or_receipt_that_there_is_not_is_said(
    with_receipt: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    none = tmp_path / "none"
    for file, receipt in ((none, beside(with_receipt)), (with_receipt, none), (tmp_path, none)):
        code, _ = verified(capsysbinary, file, receipt)
        assert code == 1


# The command.


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_the_command_writes_a_receipt_beside_its_file_and_into_the_history(
    fixture_file: Path,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    kind: str,
    form: str,
) -> None:
    store = Path(shutil.copy(fixture_file, tmp_path / "vouchers.duckdb"))
    file = tmp_path / f"out.{form}"
    code, output, error = run_main(
        capsysbinary, kind, "--store", store, "--format", form, "--group", "Email", "-o", file
    )
    assert (code, output, error) == (0, b"", "")
    receipt = json.loads(beside(file).read_text("utf-8"))
    assert receipt["sha256"] == sha256(file.read_bytes())
    assert receipt["bytes"] == file.stat().st_size
    assert receipt["rows"] == rows_in(file.read_bytes(), form) > 0
    assert receipt["filters"] == "Email"
    assert receipt["url"] == f"/{kind}?group=Email&receipt={receipt['receipt']}"
    assert receipts.history_of(store).receipts() == [receipt]
    assert verified(capsysbinary, file, beside(file))[0] == 0


def test_what_the_command_writes_to_standard_output_is_in_the_history_too(
    fixture_file: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copy(fixture_file, tmp_path / "vouchers.duckdb"))
    done = command("codes", "--store", store)
    (receipt,) = receipts.history_of(store).receipts()
    assert receipt["sha256"] == sha256(done.stdout)


def test_the_command_adds_further_columns_to_codes_and_to_nothing_else(
    fixture_file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, output, _ = run_main(capsysbinary, "codes", "--more", "--store", fixture_file)
    assert output.decode().splitlines()[0] == ",".join([HEADERS["codes"], *FURTHER])
    code, output, error = run_main(capsysbinary, "transactions", "--more", "--store", fixture_file)
    assert (code, output) == (2, b"")
    assert "--more is for codes" in error


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_while_the_app_runs_the_command_goes_through_it(
    server: Server, tmp_path: Path, kind: str, form: str
) -> None:
    file = tmp_path / f"out.{form}"
    done = command(kind, "--store", server.store, "--format", form, "--group", "Email", "-o", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert file.read_bytes() == get(server, f"/export/{kind}.{form}?group=Email").content
    receipt = json.loads(beside(file).read_text("utf-8"))
    assert receipt["sha256"] == sha256(file.read_bytes())
    assert receipt in receipts.history_of(server.store).receipts()
    assert {path.name for path in tmp_path.iterdir()} == {file.name, beside(file).name}


def test_while_the_app_runs_the_command_writes_to_standard_output_too(server: Server) -> None:
    done = command("codes", "--more", "--prefix", "JANE", VOUCHERS_STORE=str(server.store))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == get(server, "/export/codes.csv?prefix=JANE&more=yes").content


@contextmanager
def instead_of_the_app(store: Store, answer: bytes) -> Iterator[None]:
    """Somebody who answers in the app's place, word for word, while the store is in use."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65_536)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        announced = store.path.with_name(store.path.name + ".app.json")
        port = listener.getsockname()[1]
        announced.write_text(json.dumps({"url": f"http://127.0.0.1:{port}", "password": "x"}))
        yield
        announced.unlink()
        thread.join(10)


BROKEN_ANSWERS = {
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Receipt: /r\r\n\r\n"
    b"5\r\nCode,\r\n",
    "cut in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Receipt: /r\r\n\r\n"
    b"ff\r\nCode,",
    "nothing": b"",
}


@pytest.mark.parametrize("broken", BROKEN_ANSWERS)
@pytest.mark.parametrize("to_file", [True, False])
def test_a_download_that_breaks_off_on_its_way_to_the_command_is_no_file(
    loaded: Store, tmp_path: Path, broken: str, to_file: bool
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with instead_of_the_app(loaded, BROKEN_ANSWERS[broken]):
        output = ["-o", folder / "out.csv"] if to_file else []
        done = command("codes", "--store", loaded.path, *output)
    assert done.returncode == 1
    assert done.stdout == b""
    assert list(folder.iterdir()) == []
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_the_command_says_the_sentence_with_which_the_app_refuses(
    loaded: Store, tmp_path: Path
) -> None:
    sentence = b"The file could not be written. Is the disk full?"
    answer = b"HTTP/1.1 507 Insufficient Storage\r\nContent-Length: %d\r\n\r\n%s"
    with instead_of_the_app(loaded, answer % (len(sentence), sentence)):
        done = command("codes", "--store", loaded.path, "-o", tmp_path / "out.csv")
    assert done.returncode == 1
    assert done.stderr == sentence + b"\n"
    assert not (tmp_path / "out.csv").exists()


# Whatever is chosen.


def fixture_values(store: Store) -> dict[str, list[str]]:
    """What there is to choose from, and what is missing, for each filter."""
    columns = {
        **{name: name for name in ("folder", "batch", "prefix")},
        **{"group": "group_name", "type": "redemption_type", "item": "item_code"},
        **{"campaign": "campaign_id", "site": "site_ref"},
    }
    with store.cursor() as cursor:
        known = {
            name: [
                str(value)
                for (value,) in cursor.execute(
                    f"select distinct {column} from vouchers.transactions"  # noqa: S608
                    f" where {column} is not null order by all"
                ).fetchall()
            ]
            for name, column in columns.items()
        }
    known["prefix"] += ["J", "JANEB", "1", "TIMES20"]
    return {n: [*values, f"(no {n})", "nobody"] for n, values in known.items()} | {
        "status": list(STATUSES)
    }


def some_filters(random: Random, values: dict[str, list[str]]) -> list[tuple[str, str]]:
    """A random choice: mostly little, sometimes everything at once."""
    often = random.choice([0.1, 0.2, 0.5])
    pairs = []
    for name in PARAMETERS:
        if random.random() < often:
            if name in values:
                chosen = random.sample(values[name], random.randint(1, min(3, len(values[name]))))
            elif name == "cancelled":
                chosen = [random.choice(["yes", "no"])]
            else:
                chosen = [(date(2015, 12, 25) + timedelta(random.randrange(70))).isoformat()]
            pairs += [(name, value) for value in chosen]
    random.shuffle(pairs)
    return pairs


def test_page_file_and_receipt_agree_whatever_is_chosen(server: Server, loaded: Store) -> None:
    random = Random(2026)
    values = fixture_values(loaded)
    forms = random.choices(list(export.FORMATS), [6, 2, 2], k=ROUNDS)
    not_empty = 0
    with httpx.Client(base_url=server.url, timeout=60) as client, loaded.cursor() as cursor:
        for form in forms:
            pairs = some_filters(random, values)
            kind = random.choice(export.KINDS)
            filters, problems = Filters.from_query(pairs)
            assert not problems
            counted = run(cursor, f"export_{kind}_facts", filters, datetime.now())["rows"][0]
            answer = client.get(f"/export/{kind}.{form}", params=urlencode(pairs))
            assert answer.status_code == 200, pairs
            receipt = client.get(answer.headers["X-Receipt"]).json()
            assert rows_in(answer.content, form) == receipt["rows"] == counted, (kind, pairs)
            assert receipt["sha256"] == sha256(answer.content)
            assert receipt["bytes"] == len(answer.content)
            not_empty += counted > 0
    assert not_empty > ROUNDS / 5


# Further columns.


@pytest.mark.parametrize("form", export.FORMATS)
def test_a_file_with_further_columns_has_another_name_and_the_contracts_file_stays(
    server: Server, form: str
) -> None:
    plain, more = (get(server, f"/export/codes.{form}{more}") for more in ("", "?more=yes"))
    assert named(plain) == f"codes_{date.today()}.{form}"
    assert named(more).startswith("codes-")
    assert named(more).endswith(f".{form}")
    assert receipt_of(server, more)["rows"] == receipt_of(server, plain)["rows"] == 18
    if form == "csv":
        assert plain.text.splitlines()[0] == HEADERS["codes"]
        header, *rows = csv.reader(io.StringIO(more.text, newline=""))
        assert header == [*HEADERS["codes"].split(","), *FURTHER]
        nine = [row[:9] for row in rows]
        assert nine == list(csv.reader(io.StringIO(plain.text, newline="")))[1:]


@pytest.mark.parametrize("form", export.FORMATS)
def test_further_columns_are_for_codes_only(server: Server, form: str) -> None:
    answer = get(server, f"/export/transactions.{form}?more=yes")
    assert answer.status_code == 400
    assert "more" in answer.text
    assert answer.text.count("\n") == 0


# The file's name.

names = st.none() | st.lists(st.text(min_size=1), max_size=4).map(tuple)


@given(
    st.sampled_from([*export.KINDS, "codes_more", "cancellations_by_campaign"]),
    st.sampled_from(list(export.FORMATS)),
    st.builds(Filters, group=names, folder=names, batch=names),
)
def test_a_name_has_at_most_120_characters_and_is_safe_on_windows(
    kind: str, form: str, filters: Filters
) -> None:
    name = export.name(kind, filters, DAY, form)
    assert_safe(name)
    assert name.endswith(f"2026-11-23.{form}")


def assert_safe(name: str) -> None:
    assert 0 < len(name) <= 120
    assert len(name.encode()) <= 255
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name, re.IGNORECASE)
    assert name == name.strip(" .")


@pytest.mark.parametrize(
    "path",
    [
        "/export/codes.parquet?more=yes&group=" + "g" * 400,
        "/export/transactions.xlsx?group=" + "é" * 200 + "&folder=" + "語" * 200,
        "/export/codes.csv?group=CON&folder=..%5C..%5Cnul",
        "/export/codes.csv?group=a%0D%0Ab%22c%3Bd&folder=%F0%9F%8D%BA",
        "/export/changes.csv?import=1&change=new codes",
        "/export/changes.csv?import=1&change=" + "x" * 400,
    ],
    ids=lambda path: path[:40],
)
def test_the_name_that_is_sent_is_short_and_safe(server: Server, path: str) -> None:
    answer = httpx.head(server.url + path)
    assert answer.status_code == 200
    assert_safe(named(answer))
    plain = re.search(r'filename="([^"]*)"', answer.headers["content-disposition"])
    assert plain
    assert plain[1].isascii()
    assert_safe(plain[1])


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_download_of_any_format_says_what_it_is_and_is_never_kept_or_compressed(
    server: Server, kind: str, form: str
) -> None:
    answer = get(
        server, f"/export/{kind}.{form}?group=Café bounceback", **{"Accept-Encoding": "gzip"}
    )
    assert answer.headers["content-type"].startswith(export.FORMATS[form])
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get("content-encoding", "identity") == "identity"
    assert named(answer) == f"{kind}_café-bounceback_{date.today()}.{form}"


# A real browser.


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


def test_each_format_comes_out_of_the_codes_page_with_every_code_as_it_was(
    server: Server, context: BrowserContext, tmp_path: Path
) -> None:
    text = get(server, "/export/codes.csv").text
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    wanted = [header, *([typed(n, t) for n, t in zip(header, r, strict=True)] for r in rows)]
    read: dict[str, Callable[[Path], list[list[Any]]]] = {
        "Excel": lambda file: sheets_of(file)[0],
        "Parquet": rows_of_parquet,
    }
    page = context.new_page()
    page.goto(f"{server.url}/codes")
    settled(page)

    def download(label: str) -> Path:
        link = page.get_by_role("link", name=f"Save as {label} (18 rows)")
        with page.expect_download() as begun:
            link.click()
        file = tmp_path / begun.value.suggested_filename
        begun.value.save_as(file)
        return file

    page.get_by_role("button", name="Other formats").click()
    file = download("CSV")
    assert file.name == f"codes_{date.today()}.csv"
    assert file.read_text("utf-8") == text
    for label, ending in (("Excel", "xlsx"), ("Parquet", "parquet")):
        page.get_by_role("radio", name=label).or_(
            page.get_by_role("button", name=label, exact=True)
        ).first.click()
        settled(page)
        file = download(label)
        assert file.name == f"codes_{date.today()}.{ending}"
        assert read[label](file) == wanted


def test_the_downloads_page_tells_of_a_code_which_downloads_held_it(
    server: Server, context: BrowserContext
) -> None:
    get(server, "/export/codes.csv?group=Email")
    page = context.new_page()
    page.goto(f"{server.url}/downloads")
    settled(page)
    box = page.get_by_role("textbox", name="Code")
    box.fill("NOBODY-HAS-IT")
    box.press("Enter")
    expect(page.get_by_text("None of the downloads held this code.")).to_be_visible()
    box.fill("JANE7K2QD")
    box.press("Enter")
    expect(page.get_by_text("None of the downloads held this code.")).not_to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    assert "JANE7K2QD" not in page.url
    assert "JANE7K2QD" not in history_of_text(server) + server.log.read_text("utf-8")


# Last, because a file that nobody wants any more may keep the server busy.


@on_big
def test_a_client_that_vanishes_before_the_first_byte_leaves_nothing_behind(big: Server) -> None:
    """An Excel file takes long to its first byte; nobody must go on writing it."""
    for abruptly in (True, False):
        client = asked(big, "/export/codes.xlsx")
        time.sleep(0.7)
        assert spools(big)
        if abruptly:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        cleared(big)


# Many at once.


def test_a_large_file_waits_for_another_one_and_a_small_one_for_none(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LARGE", 18)
    with routes_of(loaded, monkeypatch) as url, ThreadPoolExecutor(1) as pool:
        with downloads._of_large:  # as if one were being written
            waiting = pool.submit(httpx.get, f"{url}/export/codes.csv")
            assert httpx.get(f"{url}/export/codes.csv?group=nobody").status_code == 200
            with pytest.raises(httpx.ReadTimeout):  # it goes, and is not waited for
                httpx.get(f"{url}/export/codes.csv", timeout=0.5)
            assert not waiting.done()
        assert rows_in(waiting.result(10).content, "csv") == 18
        for _ in range(2):  # also one that is refused leaves the way free
            monkeypatch.setattr(downloads, "ROOM", 2**60)
            assert httpx.get(f"{url}/export/codes.csv").status_code == 507


def test_a_file_comes_whole_also_where_very_many_are_open(loaded: Store) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, limits[1]), limits[1]))
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]  # select() ends at 1023
    try:
        file = export.Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
        content = b"".join(iter(file.chunk, b""))
        file.close()
    finally:
        for other in others:
            os.close(other)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert rows_in(content, "csv") == file.outcome()["rows"] == 18


def test_a_file_that_is_given_up_before_the_engine_begins_leaves_nothing(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_later(*arguments: Any, **values: Any) -> int:  # noqa: ANN401 - as it comes
        time.sleep(0.3)
        return formats.write(*arguments, **values)

    monkeypatch.setattr(spool, "write", write_later)
    file = export.Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
    file.give_up()
    file.close()
    assert not list(loaded.scratch.iterdir())


def test_a_pipe_that_cannot_be_opened_leaves_the_way_free_for_the_next_large_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def open_no_pipe(path: Any, *how: Any) -> int:  # noqa: ANN401 - as it comes
        if "pipe-" in str(path):
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, *how)

    monkeypatch.setattr(downloads, "LARGE", 1)
    with routes_of(loaded, monkeypatch) as url:
        with monkeypatch.context() as broken:
            broken.setattr(os, "open", open_no_pipe)
            assert httpx.get(f"{url}/export/codes.csv").status_code == 507
        assert httpx.get(f"{url}/export/codes.csv", timeout=10).status_code == 200
