"""The files of what changed since a day: a code in them is traced; large ones wait their turn."""

from collections import Counter
from datetime import date

import httpx
import pytest

from pages.downloading.leak_search import search
from queries.downloading.job import DownloadRequest, count_rows
from queries.downloading.leaks import GONE
from queries.downloading.receipts import Receipt
from queries.filters import Filters
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.since import MONDAY, TWO_WEEKS, fill_two_weeks
from tests.support.stores import opened
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow


def test_the_files_that_held_a_code_are_found_or_it_is_said_that_it_cannot_be_known(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_two_weeks(vouchers)
    path, names = vouchers.store.path, {}
    receipts: list[Receipt] = []
    with serving_routes(vouchers.store, monkeypatch) as url:
        for heading in TWO_WEEKS:
            sent = httpx.get(f"{url}/export/since.csv?since={MONDAY}&change={heading}")
            assert sent.status_code == 200, heading
            receipts.append(httpx.get(url + sent.headers["X-Receipt"]).json())
            names[receipts[-1]["receipt"]] = heading
    with opened(path) as store:
        for heading in ("new codes", "newly redeemed", "newly cancelled", "changed dates"):
            for code in TWO_WEEKS[heading]:
                found = search(store, receipts, code)
                assert [names[r["receipt"]] for r in found.receipts] == [heading]
                assert found.unknown == Counter({GONE: 2})


def test_the_rows_of_a_file_are_counted_before_it_is_written(vouchers: Vouchers) -> None:
    fill_two_weeks(vouchers)
    for heading, codes in TWO_WEEKS.items():
        values: dict[str, object] = {"since": str(date(2026, 11, 23)), "from_import": None}
        wanted = DownloadRequest("since", "csv", Filters(), NOW, "", {**values, "change": heading})
        assert count_rows(vouchers.store, wanted) == len(codes)
        assert wanted.name(Filters()).startswith(f"{heading.replace(' ', '-')}-since-2026-11-23_")
