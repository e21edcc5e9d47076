"""A download that fails breaks the connection or is refused in one sentence."""

import re
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.store import audit
from data.store.audit import Event
from data.store.database import Store
from pages.routes.file_responses import Download
from pages.routes.ways_out import WayOut
from queries.downloading import receipts
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.job import StartedDownload
from queries.downloading.spool import Spool
from queries.filters import Filters
from tests.support.downloads import (
    download,
    history_of_text,
    history_path,
    read_until_broken,
    receipt_of,
    scratch_files,
    wait_until_no_spool,
)
from tests.support.queries import NOW
from tests.support.routes import listening
from tests.support.rows import HEADERS
from tests.support.server import Server, file_size_limit


def test_a_disk_that_fills_up_half_way_breaks_the_connection(large_server: Server) -> None:
    with file_size_limit(large_server, 30_000_000):
        with httpx.stream("GET", f"{large_server.url}/export/codes.csv", timeout=60) as response:
            assert response.status_code == 200
            content = read_until_broken(response)
        wait_until_no_spool(large_server)
    assert content.startswith(HEADERS["codes"].encode())
    assert b"could not" not in content
    assert b"\0" not in content
    receipt = receipt_of(large_server, response)
    assert "sha256" not in receipt
    assert "rows" not in receipt


@pytest.mark.parametrize("form", FORMATS)
def test_a_disk_that_is_full_before_the_first_byte_is_an_error_with_a_sentence(
    large_server: Server, form: str
) -> None:
    download(large_server, "/export/codes.csv?group=nobody")  # so that there is a history
    wait_until_no_spool(large_server)
    before = scratch_files(large_server)
    # No room for the history's line, or only for that line. The latter is tested with Excel
    # alone: of the other formats the first bytes are sent before the disk is full.
    for room in (0, 2000) if form == "xlsx" else (0,):
        with file_size_limit(large_server, history_path(large_server.store).stat().st_size + room):
            response = download(large_server, f"/export/codes.{form}?prefix=C12")
            wait_until_no_spool(large_server)
        assert response.status_code == 507
        assert re.fullmatch(r"[A-Z][^\n]*: the disk, or a limit[^\n]*\.", response.text)
        assert "attachment" not in response.headers.get("content-disposition", "")
    assert download(large_server, f"/export/codes.{form}?prefix=C12345").status_code == 200
    wait_until_no_spool(large_server)
    assert scratch_files(large_server) == before


class BreakingSpool(Spool):
    """A spool that fails after some chunks."""

    chunks = 1
    given = 0

    def poll(self) -> bytes:
        """The first chunks; then it fails."""
        if self.given == self.chunks:
            raise Failed("The disk is full.")
        self.given += 1
        return b"Code,Group_Name\n"


@pytest.mark.parametrize("chunks", [1, 2])
@pytest.mark.parametrize("form", FORMATS)
def test_an_error_after_the_first_byte_breaks_the_connection_and_leaves_no_receipt_of_a_whole_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, form: str, chunks: int
) -> None:
    monkeypatch.setenv("VOUCHERS_STORE", str(loaded.path))
    receipt_ids: list[str] = []

    async def broken(_: Request) -> Response:
        history = receipts.history_of(loaded.path)
        cursor, filters = loaded.cursor(), Filters()
        receipt_ids.append(history.begin(cursor, "codes", form, filters, NOW, "codes.csv"))
        spool = BreakingSpool(cursor, "codes", filters, NOW, loaded.scratch, form)
        spool.chunks = chunks
        started = StartedDownload("tag", receipt_ids[0], spool)
        way_out = WayOut("somebody", receipt_ids[0])
        await way_out.begin()
        return Download(started, way_out, spool.chunk(), {}, FORMATS[form].media_type)

    with listening(Starlette(routes=[Route("/file", broken)])) as url:
        with httpx.stream("GET", f"{url}/file") as response:
            assert response.status_code == 200
            content = read_until_broken(response)
        assert b"full" not in content
        for _ in range(200):
            if not list(loaded.scratch.iterdir()):
                break
            time.sleep(0.01)
    assert not list(loaded.scratch.iterdir())
    receipt = receipts.history_of(loaded.path).receipt(receipt_ids[0])
    assert receipt
    assert "sha256" not in receipt
    assert next(audit.entries(loaded.path))["event"] == Event.FILE_BROKE_OFF


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
@pytest.mark.parametrize("form", FORMATS)
def test_an_unreadable_parameter_is_refused_in_one_sentence_in_every_format(
    server: Server, form: str, query: str
) -> None:
    before = history_of_text(server)
    response = download(server, f"/export/codes.{form}?{query}")
    assert response.status_code == 400
    assert re.fullmatch(r"The[^\n]*\.", response.text)
    assert history_of_text(server) == before
