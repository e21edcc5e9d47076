"""Lists that people bring: whose they are, and the file of their verdicts."""

import io
import json
from collections.abc import Iterator

import httpx
import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.store import audit
from data.store.audit import Event
from data.store.database import Store
from pages.checking.list_upload import _decoded
from pages.checking.verdicts import LineOpener
from pages.people import lists as kept_lists
from pages.people.lists import Lists, lists
from pages.people.person import THIS_COMPUTER, Person
from pages.routes.lists import ROUTES
from queries.checking.listing import NotAList
from queries.downloading.receipts import history_of
from tests.support.downloads import sha256
from tests.support.routes import serving_routes
from tests.support.rows import Code, Transaction
from tests.support.server import Server, elements
from tests.support.vouchers import Vouchers

ANN, BOB = Person("ann", "Ann", "exporter"), Person("bob", "Bob", "exporter")
ANALYST = Person("ana", "Ana", "analyst")


def test_a_list_is_its_persons_alone() -> None:
    some = Lists()
    kept = some.keep(ANN, b"A1")
    assert some.of(ANN, kept.key) is kept
    assert some.of(BOB, kept.key) is None
    assert some.of(ANN, "none") is None
    assert (some.all_of(ANN), some.all_of(BOB)) == ([kept], [])
    assert "A1" not in repr(kept)


def test_a_person_has_few_lists_and_the_app_has_not_many(monkeypatch: pytest.MonkeyPatch) -> None:
    some = Lists()
    own = [some.keep(ANN, b"A1") for _ in range(kept_lists.MOST_OF_PERSON + 1)]
    assert some.of(ANN, own[0].key) is None
    assert some.all_of(ANN) == own[:0:-1]
    monkeypatch.setattr(kept_lists, "MOST", 2)
    others = some.keep(BOB, b"B1")
    assert [some.of(ANN, kept.key) for kept in own[1:-1]] == [None] * (len(own) - 2)
    assert some.of(BOB, others.key) is others


def test_a_list_is_read_once_and_again_for_another_column() -> None:
    some = Lists()
    kept = some.keep(ANN, b"Code,Other\nA1,B1")
    assert kept.listed() is kept.listed()
    another = some.keep(ANN, kept.content, "Other")
    assert another.listed().lines["code"].to_pylist() == ["B1"]
    plain = some.keep(ANN, b"A1\nA2")
    assert (plain.listed().codes, plain.content) == (2, b"")
    with pytest.raises(NotAList):
        some.keep(ANN, b"Code\n").listed()


def test_what_a_forged_field_sends_is_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _decoded("QTE=") == b"A1"
    assert _decoded("%%%") == b""
    assert _decoded("ä") == b""
    monkeypatch.setattr("pages.checking.list_upload.LARGEST", 1)
    assert _decoded("QTE=") == b""


def test_a_line_opens_the_page_of_its_code_or_of_its_near_miss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[tuple[str, ...]] = []
    monkeypatch.setattr("pages.tables.open_rows.open_code", lambda *name: opened.append(name))
    monkeypatch.setattr("pages.checking.verdicts.look_up", lambda code: opened.append((code,)))
    lines = pd.DataFrame(
        [
            ("A1", "redeemed", "Email", None),
            ("a7", "unknown", None, "A7"),
            ("X", "unknown", None, None),
        ],
        columns=["code", "verdict", "group_name", "near_miss"],
    )
    opener = LineOpener("rows_checked", lines, version=1)
    for place in range(3):
        opener.open(place)
    assert opened == [("Email", "A1"), ("A7",)]


@pytest.fixture
def sold(vouchers: Vouchers) -> Store:
    vouchers.load(Code("=A1"), Code("0012", "SMS"), Code("A7"))
    vouchers.load(Transaction(1, "=A1", site="Site007"))
    return vouchers.store


@pytest.fixture
def url(sold: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving_routes(sold, monkeypatch, ROUTES) as base:
        yield base


LIST = b"=A1\n0012\na7\n=A1"
CELLS = [
    (1, "=A1", "redeemed", "Email", None, False),
    (2, "0012", "not redeemed", "SMS", None, False),
    (3, "a7", "unknown", None, "A7", False),
    (4, "=A1", "redeemed", "Email", None, True),
]


def test_the_verdicts_leave_as_csv_excel_and_parquet(url: str, sold: Store) -> None:
    key = lists.keep(THIS_COMPUTER, LIST).key
    sent = {
        form: httpx.get(f"{url}/export/lists/{key}.{form}") for form in ("csv", "xlsx", "parquet")
    }
    text = sent["csv"].content.decode("utf-8-sig").splitlines()
    assert text[0] == (
        "Line,Code,Verdict,Group,Redeemed,Site,Near miss,Difference,Doubled,First on line"
    )
    assert text[1:3] == [
        "1,'=A1,redeemed,Email,08/01/2016 19:42,Site007,,,false,1",
        "2,0012,not redeemed,SMS,,,,,false,2",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(sent["xlsx"].content)).active
    _, *found = sheet.iter_rows(values_only=True)
    assert [(*row[:4], row[6], row[8] == "Yes") for row in found] == CELLS
    table = pq.read_table(io.BytesIO(sent["parquet"].content)).to_pylist()
    columns = ("Line", "Code", "Verdict", "Group", "Near miss", "Doubled")
    assert [tuple(row[name] for name in columns) for row in table] == CELLS


def test_a_file_of_verdicts_has_a_receipt_and_no_code_stands_in_it(url: str, sold: Store) -> None:
    key = lists.keep(THIS_COMPUTER, LIST).key
    response = httpx.get(f"{url}/export/lists/{key}.csv?group=SMS")
    (receipt,) = history_of(sold.path).receipts()
    assert response.headers["X-Receipt"].endswith(f"{receipt['receipt']}.json")
    assert (receipt["what"], receipt["rows"]) == ("checked list", 4)
    assert receipt["sha256"] == sha256(response.content)
    assert receipt["parameters"] == {"lines": 4}
    began, left = sorted(audit.entries(sold.path), key=lambda entry: entry["number"])[-2:]
    assert (began["event"], left["event"]) == (Event.FILE_BEGAN, Event.FILE_LEFT)
    kept = history_of(sold.path).path.read_text("utf-8") + json.dumps([began, left])
    assert not any(text in kept for text in ("=A1", '"0012"', '"a7"', key))
    assert "checked-list_sms" in response.headers["Content-Disposition"]


def test_an_unknown_list_and_an_unreadable_one_are_sentences(url: str) -> None:
    others = lists.keep(BOB, LIST).key
    for key in ("none", others):
        response = httpx.get(f"{url}/export/lists/{key}.csv")
        assert (response.status_code, response.text[:27]) == (404, "There is no such list any m")
    own = lists.keep(THIS_COMPUTER, LIST).key
    assert httpx.get(f"{url}/export/lists/{own}.doc").status_code == 404
    assert httpx.get(f"{url}/export/lists/{own}.csv?from=soon").status_code == 400
    assert httpx.head(f"{url}/export/lists/{own}.csv").status_code == 200
    empty = lists.keep(THIS_COMPUTER, b"Code\n").key
    response = httpx.get(f"{url}/export/lists/{empty}.csv")
    assert (response.status_code, response.text) == (400, "There is no code in this list.")


def test_a_list_of_who_sees_masked_codes_is_not_checked(
    sold: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = lists.keep(ANALYST, LIST).key
    with serving_routes(sold, monkeypatch, ROUTES, ANALYST) as base:
        response = httpx.get(f"{base}/export/lists/{key}.csv")
    assert response.status_code == 403
    assert response.text == "Your role, analyst, may not see codes unmasked."


def test_the_page_says_what_to_do_where_there_is_no_list(server: Server) -> None:
    page = server.page("check_list")
    said = json.dumps(page["tree"])
    assert "Bring a list above" in said
    assert [area["props"]["label"] for area in elements(page, "text_area")] == ["Paste codes"]


def test_an_address_of_a_list_that_is_gone_is_named_and_ignored(server: Server) -> None:
    page = server.page("check_list", [("checked", "gone")])
    assert "This part of the address is ignored" in json.dumps(page["tree"])
