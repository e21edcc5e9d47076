"""Kept totals are exact: whatever was imported, again, or taken back, they equal the rows."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from data.store.sql import run_script
from data.store.totals import recount
from queries.filters import STATUSES, Filters
from queries.engine.totals import TOTALS, reads_sizes, plan, kept_schemas, run, run_on, totals_of
from queries.engine.selection import drop, select
from tests.conftest import ROOT
from tests.files import code, codes_file, transaction, transactions_file
from tests.model import Ledger
from tests.test_walks import a_folder, a_walk, done, opened

WALKS = 500 if os.environ.get("TORTURE") else 4
CHOICES_PER_STEP = 2
FURTHER: dict[str, list[dict[str, object]]] = {
    "over_time": [{"grain": grain} for grain in ("hour", "day", "week", "month")],
    "options_of_codes": [
        {"field": field, "search": None}
        for field in ("folder", "group", "prefix", "batch", "type", "item")
    ],
    "options_of_transactions": [{"field": f, "search": None} for f in ("site", "campaign")],
    "batches": [{"offset": 0, "most": 50}],
}
OF_TOTALS = [p.stem for p in sorted((ROOT / "queries").glob("*.sql")) if totals_of(p.stem)]

# What every row adds, said once more in other words than data/store/totals says it.
CODES = """
select folder, group_name, prefix, batch, redemption_type, item_code, start_date, expiry_date,
    ceil(epoch(first_redeemed) / 86400)::int as redeemed_day,
    ceil(epoch(first_cancelled) / 86400)::int as cancelled_day,
    ceil(epoch(first_deleted) / 86400)::int as deleted_day,
    import_id, count(*) as codes
from vouchers.codes group by all order by all
"""
KEPT_CODES = """
select folder, group_name, prefix, batch, redemption_type, item_code, start_date, expiry_date,
    (epoch(redeemed_day) / 86400)::int, (epoch(cancelled_day) / 86400)::int,
    (epoch(deleted_day) / 86400)::int, import_id, codes
from vouchers.code_totals order by all
"""
REDEMPTIONS = """
with told as (
    select *, (
        select max((before.time, before.transaction_id))
        from vouchers.transactions as before
        where before.code_id = now.code_id and not before.cancelled
        and (before.time, before.transaction_id) < (now.time, now.transaction_id)
        and not now.cancelled
    ) as before
    from vouchers.transactions as now
)
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, code_id is not null as is_known,
    strftime(time, '%Y-%m-%d %H') as hour, before[1]::date as previous_day,
    count(*) as redemptions,
    coalesce(sum(redemption_quantity)
        filter (redemption_type = 'Item' and not cancelled), 0)::int as units
from told group by all order by all
"""
KEPT_REDEMPTIONS = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, from_codes_file, is_known, strftime(hour, '%Y-%m-%d %H'), previous_day::date,
    redemptions, units
from vouchers.redemption_totals order by all
"""
SITES = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, code_id is not null, site_ref, count(*)
from vouchers.transactions group by all order by all
"""
KEPT_SITES = """
select folder, group_name, prefix, batch, redemption_type, item_code, campaign_id, campaign_name,
    cancelled, is_known, site_ref, redemptions
from vouchers.site_totals order by all
"""
ROWS = """
select (select count(*) from chosen_codes($filters)), count(*) from chosen_transactions($filters)
"""
REDEEMED = """
select count(distinct code_id) from chosen_transactions($filters) where not cancelled
"""


def assert_totals_are_the_rows(db: duckdb.DuckDBPyConnection) -> None:
    for rows, totals in (
        (CODES, KEPT_CODES),
        (REDEMPTIONS, KEPT_REDEMPTIONS),
        (SITES, KEPT_SITES),
    ):
        assert db.execute(totals).fetchall() == db.execute(rows).fetchall()


def answers(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, schemas: Sequence[str]
) -> dict[str, str]:
    """What all queries of totals say, as text that is compared as a whole.

    A selection knows no sizes.
    """
    return {
        f"{name} {values}": run_on(db, schemas, name, filters, now, **values).to_csv(index=False)
        for name in OF_TOTALS
        for values in FURTHER.get(name, [{}])
        if not (reads_sizes(name) and any(schema.startswith("selection") for schema in schemas))
    }


@contextmanager
def selections(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, from_kept: frozenset[str]
) -> Iterator[list[str]]:
    """Where all totals of these filters have been chosen once for all queries."""
    schemas = [
        select(db, name, filters, now, of_rows=name not in from_kept) for name in sorted(TOTALS)
    ]
    yield schemas
    for schema in schemas:
        drop(db, schema)


def a_choice(dice: random.Random) -> Filters:
    def sometimes(*values: str, often: float = 0.25) -> tuple[str, ...] | None:
        size = dice.choice([1, 1, 2])
        return tuple(dice.sample(values, size)) if dice.random() < often else None

    def a_day() -> date | None:
        days = [date(2016, 1, 1), date(2016, 1, 20), date(2016, 2, 9), date(2016, 2, 10)]
        return dice.choice(days) if dice.random() < 0.25 else None

    return Filters(
        folder=sometimes("May", "June", "(no folder)"),
        group=sometimes("Email", "SMS", "(no group)"),
        prefix=sometimes("A", "A1", "0", "ZZ", "a", "(no prefix)"),
        batch=sometimes("7", "(no batch)"),
        type=sometimes("Item", "Discount", "(no type)", often=0.1),
        item=sometimes("10000056168", "Café", "(no item)", often=0.1),
        campaign=sometimes("C1", "(no campaign)", often=0.1),
        site=sometimes("Site001", "(no site)", often=0.1),
        status=sometimes(*STATUSES, often=0.1),
        cancelled=dice.choice([None, None, None, True, False]),
        from_=a_day(),
        to=a_day(),
        asof=a_day(),
    )


def a_moment(dice: random.Random) -> datetime:
    some = [datetime(2016, 1, 20, 12, 29), datetime(2016, 1, 20, 12, 30), datetime(2016, 2, 9, 9)]
    return dice.choice([*some, datetime(2016, 2, 10), datetime(2016, 2, 10, 0, 1), datetime.now()])


def walked(seed: int, folder: Path) -> Iterator[tuple[Store, random.Random]]:
    """The store after each step of a random walk."""
    dice = random.Random(seed)
    ledger = Ledger()
    store = opened(folder / "vouchers.duckdb")
    try:
        for step in a_walk(dice):
            store = done(store, step, ledger)
            ledger = step.of(ledger)
            yield store, dice
    finally:
        store.close()


def assert_walk(seed: int) -> int:
    """Returns how many of the choices the kept totals could answer."""
    answered = 0
    with a_folder() as folder:
        for store, dice in walked(seed, folder):
            with store.cursor() as db:
                assert_totals_are_the_rows(db)
                for _ in range(CHOICES_PER_STEP):
                    filters, now = a_choice(dice), a_moment(dice)
                    of_rows = answers(db, filters, now, [])
                    of_view = plan(db, filters, now)
                    fewer, by_kept = of_view.narrowed(filters), of_view.totals
                    answered += bool(by_kept)
                    mixed = answers(db, fewer, now, kept_schemas(by_kept))
                    assert mixed == of_rows, (seed, filters, now)
                    for from_kept in (frozenset[str](), by_kept):
                        with selections(db, fewer, now, from_kept) as schemas:
                            selected = answers(db, fewer, now, schemas)
                        assert of_rows | selected == of_rows, (seed, filters, now)
                    asked = {"filters": fewer.bound(now)}
                    among = db.execute(ROWS, asked).fetchall()
                    asked = {"filters": filters.bound(now)}
                    assert among == db.execute(ROWS, asked).fetchall(), (seed, filters, now)
                    ((redeemed,),) = db.execute(REDEEMED, asked).fetchall()
                    tiles = run(db, "numbers", filters, now)
                    assert tiles["redeemed_codes"][0] == redeemed, (seed, filters, now)
    return answered


@pytest.mark.parametrize("part", range(4))
def test_kept_totals_equal_the_rows_for_random_filters_after_imports_again_and_undone(
    part: int,
) -> None:
    answered = sum(assert_walk(seed) for seed in range(part, WALKS, 4))
    assert answered > WALKS / 4 * CHOICES_PER_STEP  # or the test compares rows with themselves


# Where the totals cannot answer, the rows do.


@pytest.fixture
def two_beginnings(store: Store, tmp_path: Path) -> Store:
    rows = [code(text, redeemed="10/01/2016 12:30") for text in ("AB1", "AB2", "AC3")]
    load(store, codes_file(tmp_path / "codes.csv", *rows), Scope(batch="7"))
    return store


def kept_of_codes(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> bool:
    return "code_totals" in plan(db, filters, now).totals


@pytest.mark.parametrize(
    ("prefix", "suffice", "codes"),
    [("A", True, 3), ("AB", False, 2), ("AC3", False, 1), ("B", True, 0), ("ABCD", False, 0)],
)
def test_a_beginning_that_parts_a_batch_is_looked_up_code_by_code(
    two_beginnings: Store, prefix: str, suffice: bool, codes: int
) -> None:
    filters = Filters(prefix=(prefix,))
    with two_beginnings.cursor() as db:
        assert kept_of_codes(db, filters, datetime(2016, 3, 1)) == suffice
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
def test_a_moment_that_parts_a_day_with_redemptions_is_judged_code_by_code(
    two_beginnings: Store, now: datetime, suffice: bool, redeemed: int
) -> None:
    with two_beginnings.cursor() as db:
        assert kept_of_codes(db, Filters(), now) == suffice
        statuses = run(db, "status", Filters(), now).set_index("status")["codes"]
        assert statuses.get("redeemed", 0) == redeemed


# More kinds than one row group of the engine.

MANY = 130_000


def test_codes_and_redemptions_of_very_many_kinds_are_all_counted(
    store: Store, tmp_path: Path
) -> None:
    moments = [datetime(2000, 1, 1) + timedelta(hours=n) for n in range(MANY)]
    times = [f"{at:%d/%m/%Y %H:%M}" for at in moments]
    codes = [code(f"P{n}", start=time, expiry="") for n, time in enumerate(times)]
    sold = [transaction(n, f"P{n}", time=time) for n, time in enumerate(times)]
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


# A store of an earlier version.


def test_a_store_of_version_1_gets_its_totals_when_it_is_opened(loaded: Store) -> None:
    with loaded.cursor() as db:
        before = told(db)
        for table in TOTALS:
            db.execute(f"drop table vouchers.{table}")
        db.execute("alter table vouchers.transactions drop column previous_time")
        db.execute("update vouchers.store set schema_version = 1")
    assert_whole_again(loaded, before)


def test_totals_that_a_store_of_version_2_has_lost_are_there_again_when_it_is_opened(
    loaded: Store,
) -> None:
    with loaded.cursor() as db:
        before = told(db)
        run_script(db, "store/totals/all_rows")
        assert told(db) == [[], [], []]
        db.execute("update vouchers.store set schema_version = 2")
    assert_whole_again(loaded, before)


def assert_whole_again(loaded: Store, before: list[list[tuple[object, ...]]]) -> None:
    loaded.close()
    with closing(Store(loaded.path)) as store, store.cursor() as db:
        assert_totals_are_the_rows(db)
        assert told(db) == before
        assert db.execute("from vouchers.store").fetchall() == [(3,)]


def test_counting_all_anew_changes_nothing(loaded: Store) -> None:
    with loaded.writing() as db:
        before = told(db)
        recount(db)
        assert told(db) == before


def told(db: duckdb.DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    return [db.execute(kept).fetchall() for kept in (KEPT_CODES, KEPT_REDEMPTIONS, KEPT_SITES)]


def test_a_week_later_is_judged_by_the_totals_too(loaded: Store) -> None:
    now = datetime.now()
    with loaded.cursor() as db:
        assert all(kept_of_codes(db, Filters(), now + timedelta(days=7 * n)) for n in range(3))
