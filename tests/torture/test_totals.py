"""Stored totals equal the rows after random walks."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from data.store.database import Store
from queries.engine.selection import drop, select
from queries.engine.texts import parameters, paths
from queries.engine.totals import (
    COUNTED,
    SECOND,
    STORED,
    TOTALS,
    TOTALS_OF_SECOND,
    UNSELECTED,
    plan,
    run,
    run_on,
    totals_of,
)
from queries.filters import STATUSES, Filters
from tests.support.checks import THRESHOLDS
from tests.support.effort import rounds
from tests.support.ledger import Ledger
from tests.support.totals import assert_totals_are_the_rows
from tests.support.walks import execute, memory_folder, open_fast, random_walk

WALKS = rounds(4, torture=500)
CHOICES_PER_STEP = 2
PIVOTS: list[dict[str, object]] = [
    {"rows": rows, "columns": columns, "measure": measure, "days": 28, "per_day": per_day}
    for rows, columns, measure, per_day in (
        ("site", "group", "net", "no"),
        ("campaign", "site", "cancellation_rate", "no"),
        ("weekday", "prefix", "net", "yes"),
        ("hour", "item", "units", "no"),
        ("folder", "type", "rate", "no"),
        ("start", "batch", "redeemed", "no"),
        ("batch", "start", "within", "no"),
    )
]
FURTHER: dict[str, list[dict[str, object]]] = {
    "over_time": [{"grain": grain} for grain in ("hour", "day", "week", "month")],
    "options_of_codes": [
        {"field": field, "search": None}
        for field in ("folder", "group", "prefix", "batch", "type", "item")
    ],
    "options_of_transactions": [{"field": f, "search": None} for f in ("site", "campaign")],
    "batches": [{"offset": 0, "most": 50}],
    "rate_within_days": [
        {"by": by, "days": days} for by in ("batch", "group", "folder", "month") for days in (1, 28)
    ],
    "too_young": [{"by": "batch", "days": 28}],
    "redemption_curve": [
        {"by": by, "most": 8, "every_day": by == "batch"}
        for by in ("batch", "group", "folder", "month")
    ],
    "cancellations": [{"by": by} for by in ("site", "group", "campaign")],
    "over_time_split": [
        {"grain": "week", "by": by, "most": 2}
        for by in ("group", "folder", "batch", "site", "month")
    ],
    "codes_steps": [{"column": column} for column in ("status", "first_redeemed", "batch")],
    "transactions_steps": [{"column": column} for column in ("campaign_id", "cancelled", "time")],
    "since": [{"since": None, "from_import": None}],
    "to_check": [THRESHOLDS],
    "to_check_count": [THRESHOLDS | {"check": "site_far_from_rest"}],
    "to_check_rows": [THRESHOLDS | {"check": "site_far_from_rest"}],
    "pivot": PIVOTS[:1],
    "pivot_table": [PIVOTS[1] | {"most": 5_000}],
    "pivot_totals": PIVOTS,
}
OF_TOTALS = [n for n, path in paths().items() if totals_of(n) and path.parent.name != "selections"]
ROWS = """
select (select count(*) from chosen_codes($filters)), count(*) from chosen_transactions($filters)
"""
REDEEMED = """
select count(distinct code_id) from chosen_transactions($filters) where not cancelled
"""


def results(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, tables: Mapping[str, str]
) -> dict[str, str]:
    """What all queries of totals return from these tables, as text that is compared as a whole.

    A selection has no sizes.
    """
    return {
        f"{name} {values}": run_on(
            db,
            {key: tables[totals] for key, totals in totals_of(name).items()},
            name,
            filters,
            now,
            **beside_everything(name, now),
            **values,
        ).to_csv(index=False)
        for name in OF_TOTALS
        for values in FURTHER.get(name, [{}])
        if not (set(totals_of(name)) & set(UNSELECTED) and set(tables.values()) - {STORED, COUNTED})
    }


def beside_everything(name: str, now: datetime) -> dict[str, object]:
    """All codes, from the rows, as the second choice of a query of two."""
    if SECOND not in parameters(name):
        return {}
    return {SECOND: Filters().parameters(now)} | dict.fromkeys(TOTALS_OF_SECOND, COUNTED)


@contextmanager
def selections(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, from_totals: frozenset[str]
) -> Iterator[dict[str, str]]:
    """The tables where all totals of these filters are selected once for all queries."""
    tables = {
        name: select(db, name, filters, now, from_rows=name not in from_totals)
        for name in sorted(TOTALS)
    }
    yield tables
    for table in tables.values():
        drop(db, table)


EXCLUDED = {
    "folder": ("May", "(no folder)"),
    "group": ("SMS", "(no group)"),
    "prefix": ("A", "A1", "0", "ZZ", "(no prefix)"),
    "batch": ("7", "(no batch)"),
    "item": ("Café", "(no item)"),
    "campaign": ("C1", "(no campaign)"),
    "site": ("Site001", "(no site)"),
    "status": STATUSES,
}


def random_choice(dice: random.Random) -> Filters:
    def sometimes(*values: str, often: float = 0.25) -> tuple[str, ...] | None:
        size = dice.choice([1, 1, 2])
        return tuple(dice.sample(values, size)) if dice.random() < often else None

    def a_day() -> date | None:
        days = [date(2016, 1, 1), date(2016, 1, 20), date(2016, 2, 9), date(2016, 2, 10)]
        return dice.choice(days) if dice.random() < 0.25 else None

    filters = Filters(
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
        start_from=a_day(),
        expiry_to=a_day(),
        asof=a_day(),
    )
    for name in ("folder", "group", "prefix", "batch", "item", "campaign", "site", "status"):
        if dice.random() < 0.1:
            filters = filters.with_(f"{name}!", sometimes(*EXCLUDED[name], often=1))
    return filters


def random_moment(dice: random.Random) -> datetime:
    some = [datetime(2016, 1, 20, 12, 29), datetime(2016, 1, 20, 12, 30), datetime(2016, 2, 9, 9)]
    return dice.choice([*some, datetime(2016, 2, 10), datetime(2016, 2, 10, 0, 1), datetime.now()])


def walked(seed: int, folder: Path) -> Iterator[tuple[Store, random.Random]]:
    """The store after each step of a random walk."""
    dice = random.Random(seed)
    ledger = Ledger()
    store = open_fast(folder / "vouchers.duckdb")
    try:
        for step in random_walk(dice):
            store = execute(store, step, ledger)
            ledger = step.of(ledger)
            yield store, dice
    finally:
        store.close()


def assert_walk(seed: int) -> int:
    """Returns for how many of the random filters the totals sufficed."""
    answered = 0
    with memory_folder() as folder:
        for store, dice in walked(seed, folder):
            with store.cursor() as db:
                assert_totals_are_the_rows(db)
                for _ in range(CHOICES_PER_STEP):
                    filters, now = random_choice(dice), random_moment(dice)
                    of_rows = results(db, filters, now, dict.fromkeys(TOTALS, COUNTED))
                    of_view = plan(db, filters, now)
                    fewer, by_totals = of_view.narrow(filters), of_view.totals
                    answered += bool(by_totals)
                    stored = {t: STORED if t in by_totals else COUNTED for t in TOTALS}
                    mixed = results(db, fewer, now, stored)
                    assert mixed == of_rows, (seed, filters, now)
                    for from_totals in (frozenset[str](), by_totals):
                        with selections(db, fewer, now, from_totals) as tables:
                            selected = results(db, fewer, now, tables)
                        assert of_rows | selected == of_rows, (seed, filters, now)
                    values = {"filters": fewer.parameters(now)}
                    among = db.execute(ROWS, values).fetchall()
                    values = {"filters": filters.parameters(now)}
                    assert among == db.execute(ROWS, values).fetchall(), (seed, filters, now)
                    ((redeemed,),) = db.execute(REDEEMED, values).fetchall()
                    tiles = run(db, "numbers", filters, now)
                    assert tiles["redeemed_codes"][0] == redeemed, (seed, filters, now)
    return answered


@pytest.mark.parametrize("part", range(4))
def test_stored_totals_equal_the_rows_for_random_filters_after_imports_and_undos(
    part: int,
) -> None:
    answered = sum(assert_walk(seed) for seed in range(part, WALKS, 4))
    assert answered > WALKS / 4 * CHOICES_PER_STEP  # or the test compares rows with themselves
