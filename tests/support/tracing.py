"""Recorded downloads by the names that a test gives them."""

from datetime import datetime

from data.store.database import Store
from pages.downloading.leak_search import LeakResult, search
from queries.downloading.receipts import History
from tests.support.queries import NOW, filters_of
from tests.support.vouchers import Vouchers


def begin_download(history: History, store: Store, query: str = "", kind: str = "codes",
          now: datetime = NOW) -> str:  # fmt: skip
    """Record the start of a download of data until `now`; returns the receipt's ID."""
    with store.writing() as cursor:
        cursor.execute("update vouchers.imports set exported_at = ?", [now])
    with store.cursor() as cursor:
        filters = filters_of(query)
        return history.begin(cursor, kind, "csv", filters, now, f"{kind}.csv")


class Downloads:
    """Downloads by the names that a test gives them."""

    def __init__(self, vouchers: Vouchers, history: History) -> None:
        self.vouchers = vouchers
        self.history = history
        self.names: dict[str, str] = {}

    def download(self, name: str, query: str = "", kind: str = "codes",
                 now: datetime = NOW) -> None:  # fmt: skip
        self.names[begin_download(self.history, self.vouchers.store, query, kind, now)] = name

    def held(self, code: str) -> set[str]:
        found = self.trace(code)
        assert not found.unknown
        return self.named(found)

    def trace(self, code: str) -> LeakResult:
        return search(self.vouchers.store, self.history.receipts(), code)

    def named(self, found: LeakResult) -> set[str]:
        return {self.names[receipt["receipt"]] for receipt in found.receipts}
