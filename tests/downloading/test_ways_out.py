"""Each way out of the store leaves a receipt, which says what left and is traced."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.store.database import Store
from pages.downloading.leak_search import search
from pages.downloading.receipts import table
from queries import run
from queries.downloading.leaks import GONE, PRINTED
from queries.downloading.printed import printed_rows
from queries.downloading.receipts import History, Receipt, history_of
from queries.filters import Filters
from tests.support.commands import run_module
from tests.support.downloads import download, receipt_of, sha256
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.rows import Code, Transaction
from tests.support.server import Server
from tests.support.stores import copied, opened
from tests.support.vouchers import Vouchers
from tests.support.ways_out import COMMANDS, ROUTES


@pytest.mark.parametrize("path", ROUTES.values())
def test_each_route_of_data_leaves_a_receipt_of_its_bytes(server: Server, path: str) -> None:
    response = download(server, path)
    assert response.status_code == 200
    receipt = receipt_of(server, response)
    assert receipt["sha256"] == sha256(response.content)
    assert receipt["bytes"] == len(response.content)
    assert history_of(server.store).receipt(receipt["receipt"]) == receipt


@pytest.mark.slow
@pytest.mark.parametrize("module", COMMANDS)
@pytest.mark.parametrize("through", ["the app", "no app"])
def test_each_command_leaves_an_entry(
    server: Server, fixture_file: Path, tmp_path: Path, module: str, through: str
) -> None:
    store = server.store if through == "the app" else copied(fixture_file, tmp_path)
    history = history_of(store)
    before = history.count()
    done = run_module(module, store, *COMMANDS[module])
    assert done.returncode == 0, done.stderr
    assert history.count() == before + 1
    (entry,) = history.receipts(1)
    assert entry["rows"] > 0
    assert entry["sha256"]


def test_what_an_import_changed_has_a_receipt_in_words(server: Server) -> None:
    response = download(server, "/export/changes.csv?import=1&change=new+codes")
    receipt = receipt_of(server, response)
    assert receipt["filters"] == "What import 1 changed: new codes"
    assert receipt["what"] == "changes"
    assert receipt["columns"] == response.text.splitlines()[0].split(",")
    assert receipt["rows"] == len(response.text.splitlines()) - 1 > 0
    assert receipt["url"] == f"/imports?receipt={receipt['receipt']}"
    page = server.page("downloads")
    assert "What import 1 changed: new codes" in json.dumps(page["tree"])


@pytest.mark.slow
def test_the_code_that_a_file_of_changes_held_is_traced_or_it_is_said_that_it_cannot_be(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = vouchers.store.path
    vouchers.load(Code("A1"), Code("A2"), folder="May")
    sold = vouchers.load(Transaction("T1", "A1", time="05/01/2016 12:00"))
    last = vouchers.load(Code("A2", expiry="01/03/2016 00:00"), folder="May")
    wanted = {"new codes": 1, "newly redeemed": sold.import_id, "new transactions": sold.import_id,
              "new dates": last.import_id, "gone": last.import_id}  # fmt: skip
    receipts: dict[str, Receipt] = {}
    with serving_routes(vouchers.store, monkeypatch) as url:
        for change, number in wanted.items():
            sent = httpx.get(f"{url}/export/changes.csv?import={number}&change={change}")
            assert sent.status_code == 200, change
            receipts[change] = httpx.get(url + sent.headers["X-Receipt"]).json()
    with opened(path) as store:
        assert traced(store, receipts, "A1") == {"new codes", "newly redeemed", "new transactions"}
        assert traced(store, receipts, "A2") == {"new codes", "new dates"}
        found = search(store, list(receipts.values()), "A1")
        assert found.unknown == Counter({GONE: 1})


def traced(store: Store, receipts: dict[str, Receipt], code: str) -> set[str]:
    names = {receipt["receipt"]: name for name, receipt in receipts.items()}
    found = search(store, list(receipts.values()), code).receipts
    return {names[receipt["receipt"]] for receipt in found}


def test_what_a_command_has_printed_is_recorded_without_the_codes_that_were_asked_for(
    vouchers: Vouchers, history: History
) -> None:
    vouchers.load(Code("SECRET-1"), Code("SECRET-2"))

    def printed(name: str, **values: str) -> list[dict[str, Any]]:
        with vouchers.store.cursor() as cursor:
            texts = {parameter: [value] for parameter, value in values.items()}
            return printed_rows(cursor, history, name, Filters(), NOW, texts, "ann")

    (found,) = printed("codes_rows", search="secret-1")
    assert found["code"] == "SECRET-1"
    (count,) = printed("codes_found", search="SECRET-1", whole="yes")
    assert count["codes"] == 1
    counted, listed = history.receipts()
    assert listed["who"] == counted["who"] == "ann"
    assert listed["parameters"] == {"search": ["(a code)"]}
    assert counted["parameters"] == {"search": ["(a code)"], "whole": ["yes"]}
    assert "secret" not in history.path.read_text("utf-8").lower()
    assert list(table([listed])["rows"]) == [1]
    unknown = search(vouchers.store, [counted, listed], "SECRET-1").unknown
    assert unknown == Counter({PRINTED: 1})  # a number is no code


def test_nothing_is_printed_where_it_cannot_be_recorded(
    ten_codes: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    history_of(ten_codes).path.mkdir()
    assert run.main(["codes_rows", "--store", str(ten_codes)]) == 1
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert err.startswith(b"The query cannot be written into the history of downloads")
