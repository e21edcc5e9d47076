"""Stored totals: where they suffice, how many there may be, and how an old store gets them."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from data.store.sql import run_script
from data.store.totals import recount
from queries.engine.totals import TOTALS, plan, run
from queries.filters import Filters
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.totals import assert_totals_are_the_rows, stored_totals


@pytest.fixture
def two_prefixes(store: Store, tmp_path: Path) -> Store:
    rows = [Code(text, redeemed="10/01/2016 12:30") for text in ("AB1", "AB2", "AC3")]
    load(store, codes_file(tmp_path / "codes.csv", *rows), Scope(batch="7"))
    return store


def code_totals_suffice(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> bool:
    return "code_totals" in plan(db, filters, now).totals


@pytest.mark.parametrize(
    ("prefix", "suffice", "codes"),
    [("A", True, 3), ("AB", False, 2), ("AC3", False, 1), ("B", True, 0), ("ABCD", False, 0)],
)
def test_a_prefix_that_splits_a_batch_is_counted_code_by_code(
    two_prefixes: Store, prefix: str, suffice: bool, codes: int
) -> None:
    filters = Filters(prefix=(prefix,))
    with two_prefixes.cursor() as db:
        assert code_totals_suffice(db, filters, datetime(2016, 3, 1)) == suffice
        assert run(db, "numbers", filters, datetime(2016, 3, 1))["codes_issued"][0] == codes


@pytest.mark.parametrize(
    ("now", "suffice", "redeemed"),
    [
        (datetime(2016, 1, 10), True, 0),
        (datetime(2016, 1, 10, 12, 29), False, 0),
        (datetime(2016, 1, 10, 12, 30), True, 3),
        (datetime(2016, 1, 11), True, 3),
    ],
)
def test_a_time_within_a_day_of_redemptions_is_evaluated_code_by_code(
    two_prefixes: Store, now: datetime, suffice: bool, redeemed: int
) -> None:
    with two_prefixes.cursor() as db:
        assert code_totals_suffice(db, Filters(), now) == suffice
        statuses = run(db, "status", Filters(), now).set_index("status")["codes"]
        assert statuses.get("redeemed", 0) == redeemed


MANY = 130_000


@pytest.mark.slow
def test_codes_and_redemptions_of_very_many_kinds_are_all_counted(
    store: Store, tmp_path: Path
) -> None:
    moments = [datetime(2000, 1, 1) + timedelta(hours=n) for n in range(MANY)]
    times = [f"{at:%d/%m/%Y %H:%M}" for at in moments]
    codes = [Code(f"P{n}", start=time, expiry="") for n, time in enumerate(times)]
    sold = [Transaction(n, f"P{n}", time=time) for n, time in enumerate(times)]
    load(store, codes_file(tmp_path / "codes.csv", *codes))
    load(store, transactions_file(tmp_path / "transactions.csv", *sold))
    now = datetime(2026, 1, 1)
    with store.cursor() as db:
        assert plan(db, Filters(), now).totals == set(TOTALS)
        tiles = run(db, "numbers", Filters(), now)
    assert (tiles["codes_issued"][0], tiles["redemptions"][0]) == (MANY, MANY)
    assert tiles["redeemed_codes"][0] == MANY
    with store.writing() as db:
        recount(db)
    with store.cursor() as db:
        pd.testing.assert_frame_equal(run(db, "numbers", Filters(), now), tiles)


def test_a_store_of_version_1_gets_its_totals_when_it_is_opened(loaded: Store) -> None:
    with loaded.cursor() as db:
        before = stored_totals(db)
        for table in TOTALS:
            db.execute(f"drop table vouchers.{table}")
        db.execute("alter table vouchers.transactions drop column previous_time")
        db.execute("update vouchers.store set schema_version = 1")
    assert_totals_return(loaded, before)


def test_totals_that_a_store_of_version_2_has_lost_are_there_again_when_it_is_opened(
    loaded: Store,
) -> None:
    with loaded.cursor() as db:
        before = stored_totals(db)
        run_script(db, "store/totals/all_rows")
        assert stored_totals(db) == [[], [], []]
        db.execute("update vouchers.store set schema_version = 2")
    assert_totals_return(loaded, before)


def assert_totals_return(loaded: Store, before: list[list[tuple[object, ...]]]) -> None:
    loaded.close()
    with closing(Store(loaded.path)) as store, store.cursor() as db:
        assert_totals_are_the_rows(db)
        assert stored_totals(db) == before
        assert db.execute("select schema_version from vouchers.store").fetchall() == [(6,)]


def test_recounting_all_totals_changes_nothing(loaded: Store) -> None:
    with loaded.writing() as db:
        before = stored_totals(db)
        recount(db)
        assert stored_totals(db) == before


def test_the_totals_suffice_weeks_later_too(loaded: Store) -> None:
    now = datetime.now()
    with loaded.cursor() as db:
        assert all(
            code_totals_suffice(db, Filters(), now + timedelta(days=7 * n)) for n in range(3)
        )
