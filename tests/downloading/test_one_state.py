"""File and receipt have the rows of one snapshot."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from data import owner
from data.store.database import Store
from pages.downloading.leak_search import LeakResult, search
from queries.downloading.formats import FORMATS
from queries.downloading.receipts import History
from queries.downloading.spool import Spool
from queries.engine.execute import begin_snapshot
from queries.filters import Filters
from tests.support.downloads import read_to_the_end, rows_in
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.rows import Code
from tests.support.vouchers import Vouchers


@pytest.mark.slow
def test_the_file_has_the_rows_of_the_state_on_its_receipt_whatever_is_imported_in_between(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin = History.begin

    def begin_and_import(*arguments: Any) -> str:  # noqa: ANN401 - as it comes
        receipt = begin(*arguments)
        Vouchers(owner.store(), tmp_path).load(Code(f"BETWEEN-{receipt}", "Email"))
        return receipt

    monkeypatch.setattr(History, "begin", begin_and_import)
    with serving_routes(loaded, monkeypatch) as url:
        for number, form in enumerate(FORMATS):
            tag = httpx.head(f"{url}/export/codes.{form}").headers["etag"]
            response = httpx.get(f"{url}/export/codes.{form}")
            receipt = httpx.get(url + response.headers["X-Receipt"]).json()
            assert response.headers["etag"] == tag
            assert rows_in(response.content, form) == receipt["rows"] == 18 + number
            assert len(receipt["rests_on"]) == receipt["imports"] == 6 + number
            code = f"BETWEEN-{receipt['receipt']}"
            assert search(owner.store(), [receipt], code) == LeakResult([], Counter())


def test_the_snapshot_is_released_when_the_file_is_written(loaded: Store) -> None:
    cursor = loaded.cursor()
    begin_snapshot(cursor)
    file = Spool(cursor, "codes", Filters(), NOW, loaded.scratch)
    read_to_the_end(file)
    with pytest.raises(duckdb.ConnectionException):
        cursor.execute("select 1")
    file.close()
