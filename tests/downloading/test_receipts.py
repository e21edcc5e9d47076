"""Each download has a receipt, which is recorded in the history."""

import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from queries.downloading.job import KINDS
from tests.support.downloads import (
    ALL,
    CODES_OF_FIXTURES,
    ONLY_SCANNED,
    download,
    file_name,
    history_of_text,
    history_path,
    import_code,
    receipt_of,
    rows_in,
    sha256,
    wait_until_no_spool,
)
from tests.support.queries import filters_of
from tests.support.server import Server


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_receipt_names_the_request_and_its_result(server: Server, kind: str, form: str) -> None:
    query = "folder=January 2016&group=Email&status=redeemed&asof=2016-02-10"
    filters = filters_of(query)
    before = datetime.now().replace(microsecond=0)
    response = download(server, f"/export/{kind}.{form}?{query}")
    receipt = receipt_of(server, response)
    assert receipt["filters"] == filters.in_words()
    assert receipt["filters"].startswith("Email in January 2016")
    query = urlencode([*filters.to_query(), ("receipt", receipt["receipt"])])
    assert receipt["url"] == f"/{kind}?{query}"
    assert receipt["rows"] == rows_in(response.content, form) > 0
    assert receipt["bytes"] == len(response.content)
    assert receipt["sha256"] == sha256(response.content)
    assert receipt["what"] == kind
    assert receipt["format"] == form
    assert receipt["file"] == file_name(response)
    assert receipt["imports"] == 6
    assert receipt["last_import"] == 6
    assert re.fullmatch("[0-9a-f]{64}", receipt["state"])
    assert before <= datetime.fromisoformat(receipt["asked_at"]) <= datetime.now()


@pytest.mark.parametrize("more", ["", "?more=yes"])
def test_a_receipt_names_the_columns_of_its_file(server: Server, more: str) -> None:
    response = download(server, f"/export/codes.csv{more}")
    header = response.text.splitlines()[0].split(",")
    assert receipt_of(server, response)["columns"] == header


def test_an_unknown_receipt_is_not_found(server: Server) -> None:
    for name in ("0123456789abcdef", "x", "..%2Fvouchers", "%00"):
        response = download(server, f"/export/receipts/{name}.json")
        assert response.status_code in (400, 404)


def test_the_state_on_receipts_changes_only_with_an_import(
    own_server: Server, tmp_path: Path
) -> None:
    first, second = (
        receipt_of(own_server, download(own_server, "/export/codes.csv")) for _ in range(2)
    )
    assert first["state"] == second["state"]
    assert first["sha256"] == second["sha256"]
    assert first["receipt"] != second["receipt"]
    imported = import_code(own_server, "STATE1", tmp_path)
    third = receipt_of(own_server, download(own_server, "/export/codes.csv?group=nobody"))
    assert third["state"] != first["state"]
    assert third["last_import"] == imported["import_id"] > first["last_import"]


def test_the_history_only_ever_grows(own_server: Server, tmp_path: Path) -> None:
    download(own_server, "/export/codes.csv")
    before = history_path(own_server.store).read_bytes()
    assert before.endswith(b"\n")
    for path in ("codes.csv?group=nobody", "transactions.xlsx", "codes.parquet?more=yes"):
        download(own_server, f"/export/{path}")
        now = history_path(own_server.store).read_bytes()
        assert now.startswith(before)
        assert now.endswith(b"\n")
        assert len(now) > len(before)
        before = now
    import_code(own_server, "HISTORY1", tmp_path)
    download(own_server, "/export/codes.csv?colour=red")
    assert history_path(own_server.store).read_bytes() == before


def test_a_download_is_in_the_history_before_its_first_byte_and_whole_only_at_its_end(
    large_server: Server,
) -> None:
    with httpx.stream("GET", f"{large_server.url}/export/codes.csv", timeout=60) as response:
        receipt_id = Path(response.headers["X-Receipt"]).stem
        lines = history_path(large_server.store).read_text("utf-8").splitlines()
        (entry,) = [json.loads(line) for line in lines if receipt_id in line]
        next(response.iter_bytes())
        assert entry["file"] == file_name(response)
        assert "sha256" not in entry
    wait_until_no_spool(large_server)
    broken = receipt_of(large_server, response)
    assert "sha256" not in broken
    assert "rows" not in broken


@pytest.mark.parametrize("kind", KINDS)
def test_no_code_is_in_the_history_or_the_log_even_if_it_was_typed_as_a_prefix(
    server: Server, kind: str
) -> None:
    for code in CODES_OF_FIXTURES:
        if code != ONLY_SCANNED:
            for query in ({"prefix": code}, {"prefix": [code, "JANE"], "group": "Email"}):
                path = f"/export/{kind}.csv?{urlencode(query, doseq=True)}"
                receipt = download(server, download(server, path).headers["X-Receipt"]).text
                assert code not in receipt
    text = history_of_text(server) + server.log.read_text("utf-8")
    assert [c for c in CODES_OF_FIXTURES if c in text and c != ONLY_SCANNED] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_that_only_transactions_know_is_not_in_the_history_either(
    server: Server, kind: str
) -> None:
    response = download(server, f"/export/{kind}.csv?prefix={ONLY_SCANNED}")
    assert ONLY_SCANNED not in download(server, response.headers["X-Receipt"]).text
