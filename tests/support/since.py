"""Imports of several weeks, and what is under each heading of the summary since one of them."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from data.importing.result import ImportResult
from data.store.database import Store
from queries.filters import Filters
from tests.support.access import HEADINGS
from tests.support.queries import NOW, query_rows
from tests.support.vouchers import Vouchers

MONDAY = date(2026, 11, 23)
Headings = dict[str, list[str]]
Summary = Counter[tuple[str, str, str]]


def make_on(store: Store, import_id: int, day: date, hour: int = 9) -> None:
    """Let an import be of that day."""
    at = datetime(day.year, day.month, day.day, hour)
    with store.writing() as cursor:
        cursor.execute(
            "update vouchers.imports set imported_at = ? where import_id = ?", [at, import_id]
        )


def load_on(vouchers: Vouchers, day: date, *rows: Any, **scope: str) -> ImportResult:  # noqa: ANN401
    """Import rows on a day."""
    done = vouchers.load(*rows, **scope)
    make_on(vouchers.store, done.import_id, day)
    return done


def weeks_before(count: int) -> date:
    """A Monday before MONDAY."""
    return MONDAY - timedelta(weeks=count)


def summary(
    store: Store,
    filters: Filters = Filters(),
    since: date | None = None,
    from_import: int | None = None,
    now: datetime = NOW,
) -> Summary:
    """The codes by heading, group and batch; the rows under each heading are as many."""
    window = {"since": since and since.isoformat(), "from_import": from_import}
    with store.cursor() as db:
        counted = query_rows(db, "since", filters, now, **window)
        for heading in HEADINGS:
            codes = sum(row["codes"] for row in counted if row["change"] == heading)
            values = {**window, "change": heading, "offset": 0}
            listed = query_rows(db, "since_rows", filters, now, **values)
            assert len(listed) == min(50, codes), heading
    keys = [(row["change"], row["group_name"], row["batch"]) for row in counted]
    assert len(keys) == len(set(keys))
    return Counter({key: row["codes"] for key, row in zip(keys, counted, strict=True)})


def headings(
    vouchers: Vouchers,
    query: str = "",
    since: date | None = None,
    from_import: int | None = None,
) -> Headings:
    """The codes under each heading that has any."""
    window: dict[str, Any] = {"since": since and since.isoformat(), "from_import": from_import}
    found = {
        heading: [
            row["code"]
            for row in vouchers.query("since_rows", query, change=heading, offset=0, **window)
        ]
        for heading in HEADINGS
    }
    counts: Counter[str] = Counter()
    for row in vouchers.query("since", query, **window):
        counts[row["change"]] += row["codes"]
    assert counts == {heading: len(codes) for heading, codes in found.items() if codes}
    return {heading: codes for heading, codes in found.items() if codes}
