"""Imports of several weeks, and what is under each heading of the summary since one of them."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from data.importing.result import ImportResult
from data.store.database import Store
from queries.filters import Filters
from tests.support.access import HEADINGS
from tests.support.queries import NOW, query_rows
from tests.support.rows import Code, Transaction
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


def fill_two_weeks(vouchers: Vouchers) -> None:
    """Codes of last Monday in two batches and groups, and what became of them this week.

    One code of batch 7 is new, two are redeemed, one is cancelled, one has new dates, one is gone,
    one has another item; batch 8, of SMS, has two new ones.
    """
    texts = ("A1", "A2", "A3", "A4", "A5", "A6", "A7")
    load_on(vouchers, weeks_before(1), *map(Code, texts), batch="7")
    load_on(vouchers, weeks_before(1), Transaction(1, "A3"))
    load_on(
        vouchers,
        MONDAY,
        *(Code(text, redeemed="02/11/2026 10:00") for text in ("A1", "A2")),
        Code("A3"),
        Code("A4", expiry="01/03/2100 00:00"),
        Code("A6", item="17"),
        Code("A7"),
        Code("N1"),
        batch="7",
    )
    load_on(vouchers, MONDAY, Transaction(1, "A3", cancelled="Yes"))
    load_on(vouchers, MONDAY, Code("S1", "SMS"), Code("S2", "SMS"), batch="8")


TWO_WEEKS = {
    "new codes": ["N1", "S1", "S2"],
    "newly redeemed": ["A1", "A2"],
    "newly cancelled": ["A3"],
    "changed dates": ["A4"],
    "gone": ["A5"],
    "changed otherwise": ["A6"],
}
