"""What the pages send to people of each role: no masked code, and no rows of other groups."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import httpx
import pytest

from data.store import audit
from data.store.audit import Choice, Event
from queries.filters import Filters
from tests.support.pages import PAGES as ALL_PAGES
from tests.support.people import provider, serving_people, signed_in
from tests.support.server import Server
from tests.support.stores import copied
from tests.support.tab import Tab

PAGES = tuple(page for page in ALL_PAGES if page not in ("imports", "audit"))  # for every role
MASKED = ("vera", "anna")
UNMASKED = ("emil", "ines", "adam")


@pytest.fixture(scope="module")
def codes(fixture_file: Path) -> list[bytes]:
    """The codes of the store, of codes files and of transactions."""
    with duckdb.connect() as db:
        db.execute("attach ? as vouchers (read_only)", [str(fixture_file)])
        found = db.execute(
            "select code from vouchers.codes union select code from vouchers.transactions"
        ).fetchall()
    return [code.encode() for (code,) in found]


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("roles")
    with provider() as url, serving_people(copied(fixture_file, folder), folder, url) as running:
        signed_in(running, "adam").get("/export/tables/status.csv")  # without one the page ends
        yield running


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, dict[str, str]]:
    return {sub: dict(signed_in(server, sub).cookies) for sub in (*MASKED, *UNMASKED, "lena")}


@pytest.mark.parametrize("page", PAGES)
def test_no_page_sends_a_code_to_those_for_whom_they_are_masked(
    server: Server, cookies: dict[str, dict[str, str]], codes: list[bytes], page: str
) -> None:
    for sub in MASKED:
        with Tab(server.url, page, cookies[sub]) as tab:
            tab.look(Filters())
            assert [code for code in codes if code in tab.sent] == []
            assert tab.sent


@pytest.mark.parametrize("page", ["codes", "transactions"])
def test_the_rows_are_sent_to_those_who_may_see_them(
    server: Server, cookies: dict[str, dict[str, str]], codes: list[bytes], page: str
) -> None:
    for sub in UNMASKED:
        with Tab(server.url, page, cookies[sub]) as tab:
            tab.look(Filters())
            assert any(code in tab.sent for code in codes)


def test_the_audit_log_notes_who_was_shown_whole_codes(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    for sub in ("anna", "emil"):
        with Tab(server.url, "codes", cookies[sub]) as tab:
            tab.look(Filters())
            tab.look(Filters(group=("Email",)))  # noted once per tab
    revealed = list(audit.entries(server.store, Choice(frozenset({Event.CODES_REVEALED}))))
    of_tabs = {entry["who"] for entry in revealed}
    assert "emil@example.com" in of_tabs
    assert "anna@example.com" not in of_tabs


@pytest.mark.parametrize("page", PAGES)
def test_who_sees_one_group_is_sent_no_name_of_another(
    server: Server, cookies: dict[str, dict[str, str]], page: str
) -> None:
    with Tab(server.url, page, cookies["lena"]) as tab:
        tab.look(Filters())
        assert b"SMS" not in tab.sent
        assert b"Newspaper" not in tab.sent
        if page == "codes":
            assert b"Email" in tab.sent


def test_a_viewer_is_not_offered_to_pin(server: Server, cookies: dict[str, dict[str, str]]) -> None:
    for sub, may_pin in (("vera", False), ("anna", True), ("lena", True)):
        with Tab(server.url, "", cookies[sub]) as tab:
            tab.look(Filters())
            assert (b"pin_numbers" in tab.sent) == may_pin


def test_what_is_typed_into_an_address_does_not_widen_what_is_seen(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    with (
        Tab(server.url, "", cookies["lena"]) as alone,
        Tab(server.url, "", cookies["adam"]) as all_,
    ):
        alone.look(Filters(group=("Email", "SMS")))
        all_.look(Filters(group=("Email",)))
        assert alone.tiles == all_.tiles


def test_who_sees_one_group_sees_their_own_downloads_only(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    receipts = {}
    for sub in ("lena", "adam"):
        with httpx.Client(base_url=server.url, cookies=cookies[sub]) as client:
            receipts[sub] = client.get("/export/codes.csv").headers["x-receipt"]
            assert client.get(receipts[sub]).json()["rows"] > 0
    with httpx.Client(base_url=server.url, cookies=cookies["lena"]) as lena:
        assert lena.get(receipts["adam"]).status_code == 404
        assert "rests_on" not in lena.get(receipts["lena"]).json()
    with httpx.Client(base_url=server.url, cookies=cookies["adam"]) as adam:
        assert adam.get(receipts["lena"]).json()["who"] == "lena@example.com"
    with Tab(server.url, "downloads", cookies["lena"]) as tab:
        tab.look(Filters())
        assert receipts["lena"].rpartition("/")[2].removesuffix(".json").encode() in tab.sent
        assert receipts["adam"].rpartition("/")[2].removesuffix(".json").encode() not in tab.sent


@pytest.mark.parametrize("sub", ["vera", "anna", "lena", "emil", "adam"])
def test_only_who_sees_all_codes_is_offered_the_search_for_a_leak(
    server: Server, cookies: dict[str, dict[str, str]], sub: str
) -> None:
    with Tab(server.url, "downloads", cookies[sub]) as tab:
        tab.look(Filters())
        assert (b"Which download held a code?" in tab.sent) == (sub in UNMASKED)


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("imports", ("ines", "adam")),
        ("audit", ("adam",)),
        ("check_list", ("emil", "lena", "ines", "adam")),
    ],
)
def test_a_page_that_is_not_for_a_role_sends_nothing_of_it(
    server: Server, cookies: dict[str, dict[str, str]], page: str, allowed: tuple[str, ...]
) -> None:
    shown = {
        "imports": b"Drop files here",
        "audit": b"Is the log whole?",
        "check_list": b"Paste codes",
    }[page]
    for sub in cookies:
        with Tab(server.url, page, cookies[sub]) as tab:
            tab.look(Filters())
            assert (shown in tab.sent) == (sub in allowed), sub


def test_the_digest_of_a_file_of_codes_is_not_told_to_whom_they_are_masked(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    with httpx.Client(base_url=server.url, cookies=cookies["emil"]) as emil:
        address = emil.get("/export/codes.csv?group=SMS").headers["x-receipt"]
        whole = emil.get(address).json()
    with httpx.Client(base_url=server.url, cookies=cookies["anna"]) as anna:
        of_emil = anna.get(address).json()
        own = anna.get(anna.get("/export/codes.csv?group=SMS").headers["x-receipt"]).json()
    assert {"sha256", "bytes", "rests_on"} <= whole.keys()
    assert {"sha256", "bytes", "rests_on"}.isdisjoint(of_emil)
    assert {"sha256", "bytes"} <= own.keys()  # of the masked file
    digests = [whole["sha256"], *(row["sha256"] for row in whole["rests_on"])]
    for sub in MASKED:
        for page in ("downloads", "imports"):
            with Tab(server.url, page, cookies[sub]) as tab:
                tab.look(Filters())
                assert not [digest for digest in digests if digest.encode() in tab.sent]


def test_the_page_of_a_code_is_masked_for_those_who_do_not_see_codes(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    for sub in ("anna", "emil", "lena"):
        with Tab(server.url, "downloads", cookies[sub]) as tab:
            tab.look(Filters())
            tab.sent = b""
            tab.set(find_code="JANEB0001")
            assert b"What it is" in tab.sent, sub
            assert (b"JANEB0001" in tab.sent) == (sub != "anna"), sub
            assert ("•••••".encode() in tab.sent) == (sub == "anna"), sub
            assert (b"Look which downloads held it" in tab.sent) == (sub == "emil"), sub
            assert (b"brought the code" in tab.sent) == (sub != "lena"), sub


def test_who_sees_one_group_is_told_nothing_of_a_code_of_another(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    with duckdb.connect() as db:
        copy = server.store.with_name("read.duckdb")
        copy.write_bytes(server.store.read_bytes())
        db.execute("attach ? as vouchers (read_only)", [str(copy)])
        ((code,),) = db.execute(
            "select any_value(code) from vouchers.codes where group_name = 'SMS'"
        ).fetchall()
    for sub, is_shown in (("lena", False), ("emil", True)):
        with Tab(server.url, "downloads", cookies[sub]) as tab:
            tab.look(Filters())
            tab.set(find_code=code)
            assert (b"What it is" in tab.sent) == is_shown, sub


def test_the_key_of_a_code_opens_nothing_for_another_person(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    with Tab(server.url, "downloads", cookies["emil"]) as tab:
        tab.look(Filters())
        tab.set(find_code="JANEB0001")
        (key,) = set(re.findall(rb"opened=([\w-]{22})", tab.sent))
    for sub, is_shown in (("emil", True), ("adam", False), ("vera", False)):
        with Tab(server.url, "code", cookies[sub]) as tab:
            tab.open_at(f"opened={key.decode()}")
            assert (b"What it is" in tab.sent) == is_shown, sub
            assert (b"Search for the code again" in tab.sent) != is_shown, sub


@pytest.mark.parametrize("sub", ["vera", "anna"])
def test_who_does_not_see_codes_opens_the_page_of_a_row_and_is_sent_no_code(
    server: Server, cookies: dict[str, dict[str, str]], codes: list[bytes], sub: str
) -> None:
    with Tab(server.url, "codes", cookies[sub]) as tab:
        tab.look(Filters())
        tab.set(open_rows_codes=0)
        assert b"What it is" in tab.sent
        assert [code for code in codes if code in tab.sent] == []


def test_who_may_not_look_up_codes_cannot_search_for_one(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    with Tab(server.url, "downloads", cookies["vera"]) as tab:
        tab.look(Filters())
        assert b"find_code" not in tab.sent
