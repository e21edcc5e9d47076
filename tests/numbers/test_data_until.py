"""Until when the data reach: the moment that judges statuses, never the clock."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from data.replay.rebuild import rebuild
from data.store import manifest
from queries.engine.totals import read_data_until
from tests.support.queries import filters_of, query_rows
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

MARCH_1 = datetime(2016, 3, 1, 9, 30)


def data_until(vouchers: Vouchers) -> datetime:
    with vouchers.store.cursor() as cursor:
        return read_data_until(cursor)


def exported(vouchers: Vouchers, import_id: int, at: datetime) -> None:
    with vouchers.store.writing() as cursor:
        cursor.execute(
            "update vouchers.imports set exported_at = ? where import_id = ?", [at, import_id]
        )


def test_the_latest_export_says_until_when_the_data_reach(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction(1, "A1", time="08/01/2016 12:00"))
    exported(vouchers, 1, datetime(2016, 2, 1))
    exported(vouchers, 2, MARCH_1)
    assert data_until(vouchers) == MARCH_1


def test_a_redemption_after_the_latest_export_is_later(vouchers: Vouchers) -> None:
    vouchers.load(Transaction(1, "A1", time="08/03/2016 12:00"))
    exported(vouchers, 1, MARCH_1)
    assert data_until(vouchers) == datetime(2016, 3, 8, 12)


def test_an_import_that_was_taken_back_says_nothing(vouchers: Vouchers) -> None:
    vouchers.load(Transaction(1, "A1", time="08/01/2016 12:00"))
    vouchers.load(Code("A2"))
    exported(vouchers, 1, datetime(2016, 2, 1))
    exported(vouchers, 2, MARCH_1)
    with vouchers.store.writing() as cursor:
        cursor.execute("update vouchers.imports set undone_at = now() where import_id = 2")
    assert data_until(vouchers) == datetime(2016, 2, 1)


def test_the_numbers_name_the_moment(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    exported(vouchers, 1, MARCH_1)
    with vouchers.store.cursor() as cursor:
        (numbers,) = query_rows(cursor, "numbers", now=None)
    assert numbers["data_until"] == MARCH_1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", "expired"),  # as of 1 March, 9:30
        ("to=2016-02-09", "active"),  # as of the end of the period
        ("from=2016-01-01&to=2016-02-10", "expired"),
        ("to=2016-12-31", "expired"),  # the period goes on after the data
        ("asof=2016-02-11", "expired"),
        ("asof=2016-02-10&to=2016-03-01", "active"),  # the chosen day wins
    ],
)
def test_a_status_is_judged_at_the_end_of_the_period_or_of_the_data(
    vouchers: Vouchers, query: str, status: str
) -> None:
    vouchers.load(Code("A1", expiry="10/02/2016 00:01"))
    exported(vouchers, 1, MARCH_1)
    with vouchers.store.cursor() as cursor:
        (row,) = query_rows(cursor, "status", filters_of(query), now=None)
    assert row["status"] == status


def test_a_redemption_after_the_period_does_not_count_towards_the_status(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction(1, "A1", time="15/02/2016 12:00"))
    assert vouchers.query("status", "to=2016-02-10")[0]["status"] == "active"
    assert vouchers.query("status", "to=2016-02-15")[0]["status"] == "redeemed"


def test_an_empty_store_has_data_until_now(vouchers: Vouchers) -> None:
    assert abs((data_until(vouchers) - datetime.now()).total_seconds()) < 3600


def test_what_begins_with_the_next_day_does_not_count_at_the_end_of_a_period(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Code("A1", start="01/04/2016 00:00", expiry="01/05/2016 00:00"),
        Code("A2", start="01/05/2016 00:00"),
        Code("A3", start="01/04/2016 00:00"),
    )
    vouchers.load(Transaction(1, "A3", time="01/05/2016 00:00"))
    (numbers,) = vouchers.query("numbers", "from=2016-04-01&to=2016-04-30")
    assert (numbers["codes_live"], numbers["outstanding"]) == (2, 2)
    statuses = vouchers.query("status", "from=2016-04-01&to=2016-04-30")
    assert {row["status"]: row["codes"] for row in statuses} == {"active": 2, "scheduled": 1}


def test_a_rebuild_from_a_list_of_an_older_version_has_the_data_until_of_the_older_store(
    vouchers: Vouchers, tmp_path: Path
) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction(1, "A1", time="08/01/2016 12:00"))
    file = vouchers.store.originals / manifest.NAME
    rows = json.loads(file.read_text("utf-8"))
    for row in rows:
        del row["exported_at"]
    file.write_text(json.dumps(rows), "utf-8")
    store = rebuild(vouchers.store.originals, tmp_path / "again.duckdb")
    with closing(store) as again, again.cursor() as cursor:
        assert read_data_until(cursor) == datetime(2016, 1, 8, 12)
