"""Each file that leaves the app is in the audit log before its first byte, with what left."""

from pathlib import Path

import httpx
import pytest
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.store import audit
from data.store.audit import Event
from data.store.audit_file import Entry, log_of
from data.store.database import Store
from pages.people.person import Person
from pages.routes import downloads, tables
from pages.routes.spool_reader import SpoolReader
from queries.downloading.formats import Failed
from tests.support.routes import serving_routes
from tests.support.rows import SECRET, Code
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

ANNA = Person("default:anna", "anna@example.com", "exporter")
FILES = (
    "codes.csv",
    "codes.xlsx",
    "codes.parquet",
    "transactions.csv",
    "changes.csv?import=1&change=new+codes",
    "since.csv?import=1&change=new+codes",
    "tables/status.csv",
)


@pytest.fixture
def filled(vouchers: Vouchers) -> Store:
    vouchers.load(Code(SECRET), Code("B2"))
    return vouchers.store


def entries(store: Path) -> list[Entry]:
    """The entries, the first one first; none of them holds the code."""
    assert audit.problem(store) is None
    assert SECRET not in log_of(store).read_text("utf-8")
    return list(audit.entries(store))[::-1]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_leaves_has_its_beginning_and_its_end_in_the_log(
    filled: Store, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = filled.path
    with serving_routes(filled, monkeypatch, person=ANNA) as url:
        sent = httpx.get(f"{url}/export/{file}")
        receipt = httpx.get(url + sent.headers["x-receipt"]).json()
    began, left = entries(path)
    assert (began["event"], left["event"]) == (Event.FILE_BEGAN, Event.FILE_LEFT)
    assert began["who"] == left["who"] == receipt["who"] == ANNA.name
    assert began["facts"]["filters"] == receipt["filters"]
    assert left["facts"]["sha256"] == receipt["sha256"]
    assert left["facts"]["bytes"] == len(sent.content)


@pytest.mark.parametrize("file", FILES)
def test_a_file_does_not_leave_where_the_log_cannot_be_written(
    filled: Store, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    log_of(filled.path).mkdir()
    with serving_routes(filled, monkeypatch, person=ANNA) as url:
        refused = httpx.get(f"{url}/export/{file}")
    assert refused.status_code == 507
    assert "the audit log cannot be written" in refused.text
    assert SECRET not in refused.text


def test_a_file_of_which_nothing_leaves_is_in_the_log_as_broken_off(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: SpoolReader) -> bytes:
        raise Failed("The file could not be written.")

    path = filled.path
    with serving_routes(filled, monkeypatch, person=ANNA) as url:
        address = f"{url}/export/codes.csv"
        beyond = {"Range": "bytes=99999999-", "If-Range": httpx.head(address).headers["etag"]}
        assert httpx.get(address, headers=beyond).status_code == 416
        monkeypatch.setattr(SpoolReader, "chunk", fails)
        assert httpx.get(address).status_code == 507
    events = [entry["event"] for entry in entries(path)]
    assert events == [Event.FILE_BEGAN, Event.FILE_BROKE_OFF] * 2


class Gone:
    """ASGI middleware: the client has gone when the response begins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def fail(_: Message) -> None:
            raise OSError("The connection is lost.")

        await self._app(scope, receive, fail)


@pytest.mark.parametrize("file", FILES)
def test_a_file_whose_client_goes_before_its_first_byte_is_in_the_log_as_broken_off(
    filled: Store, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = filled.path
    gone = Mount("/", Gone(Router([*downloads.ROUTES, *tables.ROUTES])))
    with serving_routes(filled, monkeypatch, [gone], ANNA) as url:
        assert httpx.get(f"{url}/export/{file}").status_code == 500
    events = [entry["event"] for entry in entries(path)]
    assert events == [Event.FILE_BEGAN, Event.FILE_BROKE_OFF]


def test_a_code_that_was_chosen_stands_in_no_entry(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled.path
    with serving_routes(filled, monkeypatch, person=ANNA) as url:
        for name in ("prefix", "group", "batch"):
            httpx.get(f"{url}/export/codes.csv?{name}={SECRET}")
            httpx.get(f"{url}/export/codes.csv?{name}={SECRET.lower()[:-1]}")
    log = log_of(path).read_text("utf-8").casefold()
    assert len(entries(path)) == 12
    assert SECRET.casefold()[:-1] not in log
