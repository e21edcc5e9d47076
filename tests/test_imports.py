"""Imports merge and never double, whatever the order, the scope or the dress of the files."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.preview import preview
from data.importing.result import ImportResult
from data.importing.scope import Scope, guess_scope
from data.owner import fill_with_sample
from data.replay.undo import clear_sample
from data.store.database import Store
from data.store.errors import Refused
from queries import export
from queries.filters import Filters
from queries.engine.totals import run
from tests.conftest import EXPECTED, FIXTURES, ROOT, load_fixtures
from tests.files import (
    CODES,
    TRANSACTIONS,
    Row,
    code,
    codes_file,
    csv_bytes,
    transaction,
    transactions_file,
)

NOW = datetime(2016, 2, 10)
FIXTURE_FILES = sorted(path.name for path in FIXTURES.glob("*.csv"))
View = dict[str, Any]
# What metrics.md defines; the queries may say more.
NUMBERS = (
    *("codes_issued", "redemptions", "cancelled", "net", "redeemed_codes", "redemption_rate"),
    *("cancellation_rate", "scans_per_redeemed_code", "units_given", "outstanding"),
    *("of_unknown_codes", "from_codes_files"),
)
UPTAKE = ("codes_issued", "redeemed_codes", "redemption_rate", "net", "cancelled")


# What tests ask of a store.


def brought(store: Store, path: Path, *rows: Row, scope: Scope = Scope()) -> ImportResult:
    """Import rows: codes or transactions, as they are long."""
    header = TRANSACTIONS if rows[0][7] in ("Yes", "No") else CODES
    path.write_bytes(csv_bytes([header, *rows]))
    return load(store, path, scope)


def counts(done: ImportResult) -> tuple[int, int, int, int]:
    """New, updated, unchanged, duplicates."""
    assert done.rows == done.new + done.updated + done.unchanged + done.duplicates
    return done.new, done.updated, done.unchanged, done.duplicates


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, what is missing as None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def view(store: Store, filters: Filters = Filters(), now: datetime = NOW) -> View:
    """The numbers that people look at first."""
    with store.cursor() as cursor:
        (numbers,) = records(run(cursor, "numbers", filters, now))
        groups = records(run(cursor, "uptake_by_group", filters, now))
        statuses = records(run(cursor, "status", filters, now))
    return {
        "numbers": {name: numbers[name] for name in NUMBERS},
        "groups": {row["group_name"]: {name: row[name] for name in UPTAKE} for row in groups},
        "statuses": {row["status"]: row["codes"] for row in statuses},
    }


def number(store: Store, name: str, filters: Filters = Filters()) -> Any:  # noqa: ANN401
    """One of the numbers of numbers.sql."""
    return view(store, filters)["numbers"][name]


def times(store: Store) -> list[datetime]:
    """The moments of the first page of redemptions."""
    values = {"sort": "time", "descending": False, "offset": 0, "of": 50}
    with store.cursor() as cursor:
        return list(run(cursor, "transactions_rows", Filters(), NOW, **values)["time"])


def exported(store: Store, kind: str, filters: Filters = Filters()) -> bytes:
    """The file that the chosen rows make."""
    path = store.path.with_name("exported.csv")
    with store.cursor() as cursor:
        export.write(cursor, kind, filters, NOW, path)
    return path.read_bytes()


def stored(store: Store, kind: str) -> list[tuple[Any, ...]]:
    """Scope and key of each row of one kind."""
    asked = {
        "codes": "select code, folder, prefix, batch from vouchers.codes order by all",
        "transactions": (
            "select code, own_folder, own_prefix, own_batch from vouchers.transactions"
            " where not from_codes_file order by all"
        ),
        "imports": (
            "select file, kind, folder, prefix, batch, rows, new, updated, unchanged, duplicates"
            " from vouchers.imports where not is_sample or undone_at is null order by import_id"
        ),
    }
    with store.cursor() as cursor:
        return cursor.execute(asked[kind]).fetchall()


# What a code keeps of its redemptions, made anew from the rows themselves.
SAID = """
create or replace temp table said as
with
    real as (from vouchers.transactions where not from_codes_file),

    alone as (
        select group_name, code, redemption_time as time
        from vouchers.codes as codes
        where
            redemption_time is not null
            and not exists (
                select 1 from real
                where real.group_name = codes.group_name and real.code = codes.code
            )
    ),

    speaks as (
        select group_name, code, time, cancelled, code_deleted from real
        union all
        select group_name, code, time, false, false from alone
    )

select
    codes.group_name,
    codes.code,
    count(time) filter (not cancelled) as scans,
    min(time) filter (not cancelled) as first_redeemed,
    min(time) filter (cancelled) as first_cancelled,
    min(time) filter (code_deleted) as first_deleted,
    (
        select list(alone.time) from alone
        where alone.group_name = codes.group_name and alone.code = codes.code
    ) as from_codes_file,
from vouchers.codes as codes
left join speaks using (group_name, code)
group by all
"""
UNLIKE_CODES = """
select codes.code from vouchers.codes as codes
join said using (group_name, code)
where
    codes.scans is distinct from said.scans
    or codes.first_redeemed is distinct from said.first_redeemed
    or codes.first_cancelled is distinct from said.first_cancelled
    or codes.first_deleted is distinct from said.first_deleted
    or said.from_codes_file is distinct from (
        select list(time) from vouchers.transactions as known
        where known.code_id = codes.code_id and from_codes_file
    )
"""
UNLIKE_TRANSACTIONS = """
select known.code from vouchers.transactions as known
left join vouchers.codes as codes
    on codes.group_name = known.group_name and codes.code = known.code
where
    known.code_id is distinct from codes.code_id
    or known.folder
    is distinct from if(codes.code_id is null, known.own_folder, codes.folder)
    or known.batch is distinct from if(codes.code_id is null, known.own_batch, codes.batch)
    or known.prefix is distinct from codes.prefix
    or known.redemption_type is distinct from codes.redemption_type
    or known.redemption_quantity is distinct from codes.redemption_quantity
    or known.item_code is distinct from codes.item_code
"""
DOUBLED = """
select code from vouchers.codes group by group_name, code having count(*) > 1
union all
select code from vouchers.codes group by code_id, code having count(*) > 1
union all
select transaction_id from vouchers.transactions
where transaction_id is not null group by all having count(*) > 1
"""


def assert_sound(store: Store) -> None:
    """No key is there twice, and what is kept beside the rows is what the rows say."""
    with store.cursor() as cursor:
        assert cursor.execute(DOUBLED).fetchall() == []
        cursor.execute(SAID)
        assert cursor.execute(UNLIKE_CODES).fetchall() == []
        assert cursor.execute(UNLIKE_TRANSACTIONS).fetchall() == []


# Merge, never double.


@pytest.mark.parametrize("name", FIXTURE_FILES)
def test_the_same_file_again_changes_nothing(loaded: Store, name: str) -> None:
    load(loaded, FIXTURES / name)  # the group file is not one of those that are loaded
    before = view(loaded), exported(loaded, "codes"), exported(loaded, "transactions")
    done = load(loaded, FIXTURES / name)
    assert counts(done) == (0, 0, done.rows, 0)
    assert (view(loaded), exported(loaded, "codes"), exported(loaded, "transactions")) == before
    assert_sound(loaded)


def test_the_fixtures_loaded_again_with_their_scopes_change_nothing(loaded: Store) -> None:
    before = view(loaded)
    for file in EXPECTED["load"]:
        scope = Scope(file.get("folder"), file.get("prefix"), file.get("batch"))
        done = load(loaded, FIXTURES / file["file"], scope)
        assert counts(done) == (0, 0, done.rows, 0)
    assert view(loaded) == before


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_an_exported_file_imported_again_changes_nothing(
    loaded: Store, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "again.csv"
    path.write_bytes(exported(loaded, kind))
    done = load(loaded, path)
    assert counts(done) == (0, 0, done.rows, 0)


def test_next_mondays_codes_update_what_changed_and_add_what_is_new(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "monday.csv", code("A1"), code("A2"), code("A3"))
    done = brought(
        store,
        tmp_path / "next_monday.csv",
        code("A2", redeemed="12/01/2016 13:00"),
        code("A3"),
        code("A4", redeemed="13/01/2016 20:10"),
    )
    assert counts(done) == (1, 1, 1, 0)
    numbers = view(store)["numbers"]
    assert numbers["codes_issued"] == 4  # A1 is not in the second file, and stays
    assert (numbers["redemptions"], numbers["redeemed_codes"]) == (2, 2)
    assert_sound(store)


def test_next_mondays_transactions_update_what_changed_and_add_what_is_new(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "codes.csv", code("A1"), code("A2"), code("A3"))
    brought(store, tmp_path / "one.csv", transaction(1, "A1"), transaction(2, "A2"))
    done = brought(
        store,
        tmp_path / "two.csv",
        transaction(2, "A2", cancelled="Yes"),
        transaction(1, "A1"),
        transaction(3, "A3"),
    )
    assert counts(done) == (1, 1, 1, 0)
    numbers = view(store)["numbers"]
    assert (numbers["redemptions"], numbers["cancelled"], numbers["net"]) == (3, 1, 2)
    assert view(store)["statuses"] == {"redeemed": 2, "cancelled": 1}
    assert_sound(store)


@pytest.mark.parametrize("column", range(2, 9))
def test_a_change_in_any_column_of_a_code_is_an_update(
    store: Store, tmp_path: Path, column: int
) -> None:
    row = code("A1", parent="P1", redeemed="03/01/2016 12:00")
    others = (*row[:2], "02/01/2016 00:00", "03/03/2016 00:00", "Discount", "2", "17", "P2", "")
    changed = (*row[:column], others[column], *row[column + 1 :])
    brought(store, tmp_path / "a.csv", row)
    assert counts(brought(store, tmp_path / "b.csv", changed)) == (0, 1, 0, 0)
    assert exported(store, "codes") == csv_bytes([CODES, changed])
    assert_sound(store)


@pytest.mark.parametrize("column", range(1, 9))
def test_a_change_in_any_column_of_a_transaction_is_an_update(
    store: Store, tmp_path: Path, column: int
) -> None:
    brought(store, tmp_path / "codes.csv", code("A1"), code("A2"), code("A1", "SMS"))
    row = transaction(1, "A1")
    others = (row[0], "09/01/2016 09:09", "A2", "SMS", "C1", "Two for one", "", "Yes", "Yes")
    changed = (*row[:column], others[column], *row[column + 1 :])
    brought(store, tmp_path / "a.csv", row)
    assert counts(brought(store, tmp_path / "b.csv", changed)) == (0, 1, 0, 0)
    assert exported(store, "transactions") == csv_bytes([TRANSACTIONS, changed])
    assert_sound(store)


def test_a_blank_redemption_time_replaces_a_set_one(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", code("A1", redeemed="08/01/2016 19:42"), code("A2"))
    assert view(store)["statuses"] == {"redeemed": 1, "expired": 1}
    assert counts(brought(store, tmp_path / "b.csv", code("A1"), code("A2"))) == (0, 1, 1, 0)
    assert view(store)["statuses"] == {"expired": 2}
    assert number(store, "redemptions") == 0
    assert exported(store, "codes") == csv_bytes([CODES, code("A1"), code("A2")])
    assert_sound(store)


def test_blank_cells_replace_whatever_a_code_said_before(store: Store, tmp_path: Path) -> None:
    blank: Row = ("A1", "Email", "", "", "", "", "", "", "")
    brought(store, tmp_path / "a.csv", code("A1", parent="P1", redeemed="08/01/2016 19:42"))
    assert counts(brought(store, tmp_path / "b.csv", blank)) == (0, 1, 0, 0)
    assert exported(store, "codes") == csv_bytes([CODES, blank])
    assert view(store)["statuses"] == {"active": 1}  # no expiry, no start


def test_a_code_redeemed_in_its_file_alone_counts_until_a_transaction_speaks_for_it(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1", redeemed="08/01/2016 19:42"))
    assert number(store, "from_codes_files") == 1
    brought(store, tmp_path / "b.csv", transaction(1, "A1", cancelled="Yes"))
    numbers = view(store)["numbers"]
    assert (numbers["redemptions"], numbers["cancelled"], numbers["net"]) == (1, 1, 0)
    assert (numbers["from_codes_files"], numbers["redeemed_codes"]) == (0, 0)
    assert view(store)["statuses"] == {"cancelled": 1}
    assert_sound(store)


def test_a_transaction_that_names_another_code_now_gives_the_first_one_back(
    store: Store, tmp_path: Path
) -> None:
    codes = code("A1", redeemed="08/01/2016 19:42"), code("A2")
    brought(store, tmp_path / "a.csv", *codes)
    brought(store, tmp_path / "b.csv", transaction(1, "A1", cancelled="Yes"))
    brought(store, tmp_path / "c.csv", transaction(1, "A2", cancelled="Yes"))
    assert view(store)["statuses"] == {"redeemed": 1, "cancelled": 1}
    assert number(store, "from_codes_files") == 1
    assert_sound(store)


def test_the_same_code_in_two_groups_is_two_codes(store: Store, tmp_path: Path) -> None:
    done = brought(store, tmp_path / "a.csv", code("A1", "Email"), code("A1", "SMS"))
    assert counts(done) == (2, 0, 0, 0)
    brought(store, tmp_path / "b.csv", transaction(1, "A1", "SMS"))
    brought(store, tmp_path / "c.csv", code("A1", "Email", expiry="01/04/2016 00:00"))
    groups = view(store)["groups"]
    assert {name: row["redeemed_codes"] for name, row in groups.items()} == {"Email": 0, "SMS": 1}
    assert view(store)["statuses"] == {"active": 1, "redeemed": 1}
    assert_sound(store)


def test_codes_that_differ_only_in_case_or_in_spaces_are_different_codes(
    store: Store, tmp_path: Path
) -> None:
    rows = [code(text) for text in ("abc", "ABC", "a bc", " abc", "abc ", "e\u0301", "é")]
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (7, 0, 0, 0)
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (0, 0, 7, 0)


def test_a_group_without_redemptions_has_a_rate_of_zero(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", code("A1", "Email"), code("B1", "SMS"))
    brought(store, tmp_path / "b.csv", transaction(1, "A1", "Email"))
    rates = {name: row["redemption_rate"] for name, row in view(store)["groups"].items()}
    assert rates == {"Email": 1.0, "SMS": 0.0}


# Within one file.


def test_of_rows_about_the_same_code_the_last_one_wins(store: Store, tmp_path: Path) -> None:
    rows = code("A1", quantity="1"), code("B1"), code("A1", quantity="2"), code("A1", quantity="3")
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (2, 0, 0, 2)
    assert exported(store, "codes") == csv_bytes([CODES, rows[1], rows[3]])
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (0, 0, 2, 2)
    assert_sound(store)


def test_of_rows_about_the_same_transaction_the_last_one_wins(store: Store, tmp_path: Path) -> None:
    rows = transaction(1, "A1"), transaction(1, "A1", cancelled="Yes"), transaction(2, "A1")
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (2, 0, 0, 1)
    assert number(store, "cancelled") == 1
    again = (*rows, transaction(1, "A1"))
    assert counts(brought(store, tmp_path / "b.csv", *again)) == (0, 1, 1, 2)
    assert number(store, "cancelled") == 0


def test_a_row_that_stands_twice_counts_once(store: Store, tmp_path: Path) -> None:
    assert counts(brought(store, tmp_path / "a.csv", code("A1"), code("A1"))) == (1, 0, 0, 1)
    assert number(store, "codes_issued") == 1


# The scope.

SAYINGS = [Scope(folder="May"), Scope(prefix="AB"), Scope(batch="7"), Scope("May", "AB", "7")]
ROWS_OF = {"codes": code("AB1"), "transactions": transaction(1, "AB1")}


@pytest.mark.parametrize("kind", ROWS_OF)
@pytest.mark.parametrize("said", SAYINGS, ids=str)
def test_a_scope_that_is_silent_erases_nothing(
    store: Store, tmp_path: Path, kind: str, said: Scope
) -> None:
    brought(store, tmp_path / "a.csv", ROWS_OF[kind], scope=said)
    done = brought(store, tmp_path / "b.csv", ROWS_OF[kind])
    assert counts(done) == (0, 0, 1, 0)
    assert stored(store, kind) == [("AB1", said.folder, said.prefix, said.batch)]


@pytest.mark.parametrize("kind", ROWS_OF)
@pytest.mark.parametrize("said", SAYINGS, ids=str)
def test_a_scope_that_is_spoken_replaces(
    store: Store, tmp_path: Path, kind: str, said: Scope
) -> None:
    brought(store, tmp_path / "a.csv", ROWS_OF[kind], scope=Scope("April", "A", "6"))
    done = brought(store, tmp_path / "b.csv", ROWS_OF[kind], scope=said)
    assert counts(done) == (0, 1, 0, 0)
    now = (said.folder or "April", said.prefix or "A", said.batch or "6")
    assert stored(store, kind) == [("AB1", *now)]
    assert_sound(store)


def test_a_scope_touches_only_the_rows_of_its_file(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("B1"), scope=Scope(folder="May"))
    brought(store, tmp_path / "b.csv", code("B1"), scope=Scope(folder="June"))
    assert stored(store, "codes") == [("A1", "May", None, None), ("B1", "June", None, None)]


def test_a_transaction_of_an_unknown_code_is_chosen_by_its_imports_folder_and_batch(
    store: Store, tmp_path: Path
) -> None:
    row = transaction(1, "A1")
    brought(store, tmp_path / "a.csv", row, scope=Scope("May", "AB", "7"))
    for chosen in (Filters(folder=("May",)), Filters(batch=("7",)), Filters(prefix=("A",))):
        assert number(store, "net", chosen) == 1
        assert number(store, "of_unknown_codes", chosen) == 1
    for other in (Filters(folder=("June",)), Filters(batch=("8",)), Filters(prefix=("B",))):
        assert number(store, "net", other) == 0


def test_a_transaction_of_a_known_code_is_chosen_with_its_code(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", transaction(1, "A1"), scope=Scope("May", None, "7"))
    brought(store, tmp_path / "b.csv", code("A1"), scope=Scope("June", None, "8"))
    assert number(store, "net", Filters(folder=("May",))) == 0
    assert number(store, "net", Filters(folder=("June",), batch=("8",))) == 1
    brought(store, tmp_path / "c.csv", code("A1"), scope=Scope("July"))
    assert number(store, "net", Filters(folder=("July",), batch=("8",))) == 1
    assert number(store, "net", Filters(folder=("June",))) == 0
    assert_sound(store)


def test_a_redemption_known_from_a_codes_file_follows_its_codes_scope(
    store: Store, tmp_path: Path
) -> None:
    row = code("A1", redeemed="08/01/2016 19:42")
    brought(store, tmp_path / "a.csv", row, scope=Scope("May"))
    brought(store, tmp_path / "b.csv", row, scope=Scope("June", None, "8"))
    assert number(store, "net", Filters(folder=("May",))) == 0
    assert number(store, "net", Filters(folder=("June",), batch=("8",))) == 1


# The order of the imports.

PIECES: list[tuple[Scope, list[Row]]] = [
    (
        Scope("May", "A", "7"),
        [code("A1", redeemed="02/01/2016 10:00"), code("A2"), code("A3"), code("A1", "SMS")],
    ),
    (Scope("June", "B", "8"), [code("B1"), code("B2", redeemed="03/01/2016 11:00")]),
    (
        Scope("May"),
        [
            transaction(1, "A1", cancelled="Yes"),
            transaction(2, "A2"),
            transaction(3, "A2", campaign="C1"),
            transaction(4, "GONE"),
            transaction(5, "A1", "SMS", deleted="Yes"),
            transaction(6, "A3", ""),
        ],
    ),
    (Scope("June"), [transaction(7, "B1", cancelled="Yes"), transaction(8, "B1")]),
]


@pytest.mark.parametrize("order", list(permutations(range(len(PIECES)))), ids=str)
def test_codes_first_or_transactions_first_gives_the_same_numbers(
    store: Store, tmp_path: Path, order: Sequence[int]
) -> None:
    for number in order:
        scope, rows = PIECES[number]
        brought(store, tmp_path / f"{number}.csv", *rows, scope=scope)
    assert_sound(store)
    everything = view(store)
    assert everything["numbers"]["of_unknown_codes"] == 2  # GONE, and A3 of no group
    assert everything["numbers"]["redeemed_codes"] == 4  # A2, A1 by SMS, B1, B2
    assert everything["numbers"]["net"] == 7
    assert everything["numbers"]["from_codes_files"] == 1
    assert everything["statuses"] == {"redeemed": 3, "cancelled": 1, "expired": 1, "deleted": 1}
    assert view(store, Filters(folder=("May",)))["numbers"]["redemptions"] == 6
    assert view(store, Filters(group=("SMS",)))["statuses"] == {"deleted": 1}


# Any imports at all, against a store of plain Python.

Key = tuple[str, str] | str
TIMES = ["01/01/2016 00:00", "20/01/2016 12:30", "09/02/2016 23:59", "10/02/2016 00:00",
         "11/02/2016 08:15", ""]  # fmt: skip
CHOICES = [
    Filters(),
    Filters(folder=("May",)),
    Filters(batch=("7", "8")),
    Filters(group=("SMS",)),
    Filters(prefix=("A",)),
    Filters(prefix=("ZZ", "a")),
    Filters(folder=("June",), group=("Email", "SMS")),
    Filters(asof=date(2016, 1, 20)),
]


def moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%d/%m/%Y %H:%M") if text else None


@dataclass
class Held:
    """A stored row, with what was said of it."""

    row: Row
    scope: Scope


@dataclass
class Use:
    """A redemption, with its code where that is known."""

    code: str
    group: str
    time: datetime
    cancelled: bool
    deleted: bool
    of: Held | None
    scope: Scope
    from_codes_file: bool = False


class Model:
    """What a store holds and counts, by the words of domain.md and metrics.md alone."""

    def __init__(self) -> None:
        self.codes: dict[Key, Held] = {}
        self.transactions: dict[Key, Held] = {}

    def take(self, kind: str, rows: list[Row], scope: Scope) -> tuple[int, int, int, int]:
        """Import a file. Returns new, updated, unchanged, duplicates."""
        held = self.codes if kind == "codes" else self.transactions
        said: dict[Key, Row] = {
            (row[1], row[0]) if kind == "codes" else row[0]: row for row in rows
        }
        results: Counter[str] = Counter(duplicates=len(rows) - len(said))
        for key, row in said.items():
            before = held.get(key)
            spoken = {k: v for k, v in asdict(scope).items() if v is not None}
            now = Held(row, Scope(**(asdict(before.scope) if before else {}) | spoken))
            results["new" if before is None else "unchanged" if before == now else "updated"] += 1
            held[key] = now
        return (
            results["new"],
            results["updated"],
            results["unchanged"],
            results["duplicates"],
        )

    def uses(self) -> list[Use]:
        """T of metrics.md."""
        uses, spoken_for = [], set()
        for held in self.transactions.values():
            _, time, text, group, *_, cancelled, deleted = held.row
            at, of = moment(time), self.codes.get((group, text))
            assert at
            scope = of.scope if of else Scope(held.scope.folder, None, held.scope.batch)
            uses.append(Use(text, group, at, cancelled == "Yes", deleted == "Yes", of, scope))
            spoken_for.add((group, text))
        for code_held in self.codes.values():
            text, group = code_held.row[:2]
            if (at := moment(code_held.row[8])) and (group, text) not in spoken_for:
                scope = code_held.scope
                uses.append(Use(text, group, at, False, False, code_held, scope, True))
        return uses

    def view(self, filters: Filters, now: datetime) -> View:
        """The same as view() says of a store."""
        asof = datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now
        codes = [h for h in self.codes.values() if is_chosen(filters, h.row[0], h.row[1], h.scope)]
        everything = self.uses()
        uses = [use for use in everything if is_chosen(filters, use.code, use.group, use.scope)]
        statuses = Counter(status(held, everything, asof) for held in codes)
        numbers = tally(codes, uses)
        redemptions = numbers["redemptions"]
        of_groups = {held.row[1] for held in codes} | {use.group for use in uses}
        groups = {
            group or "(no group)": tally(
                [held for held in codes if held.row[1] == group],
                [use for use in uses if use.group == group],
            )
            for group in of_groups
        }
        return {
            "numbers": numbers
            | {
                "outstanding": statuses["active"],
                "cancellation_rate": numbers["cancelled"] / redemptions if redemptions else None,
            },
            "groups": {group: {n: said[n] for n in UPTAKE} for group, said in groups.items()},
            "statuses": dict(statuses),
        }


def is_chosen(filters: Filters, text: str, group: str, scope: Scope) -> bool:
    return (
        (filters.folder is None or scope.folder in filters.folder)
        and (filters.batch is None or scope.batch in filters.batch)
        and (filters.group is None or group in filters.group)
        and (
            filters.prefix is None
            or any(text.startswith(p) or scope.prefix == p for p in filters.prefix)
        )
    )


def status(held: Held, uses: list[Use], asof: datetime) -> str:
    own = [use for use in uses if use.of is held and use.time <= asof]
    start, expiry = moment(held.row[2]), moment(held.row[3])
    if any(use.deleted for use in own):
        return "deleted"
    if any(not use.cancelled for use in own):
        return "redeemed"
    if own:
        return "cancelled"
    if expiry and asof >= expiry:
        return "expired"
    return "scheduled" if start and asof < start else "active"


def tally(codes: list[Held], uses: list[Use]) -> dict[str, Any]:
    live = [use for use in uses if not use.cancelled]
    redeemed = {(use.group, use.code) for use in live if use.of}
    given = [use.of.row for use in live if use.of and use.of.row[4] == "Item"]
    return {
        "codes_issued": len(codes),
        "redemptions": len(uses),
        "cancelled": len(uses) - len(live),
        "net": len(live),
        "redeemed_codes": len(redeemed),
        "redemption_rate": len(redeemed) / len(codes) if codes else None,
        "scans_per_redeemed_code": len(live) / len(redeemed) if redeemed else None,
        "units_given": sum(int(row[5] or 0) for row in given),
        "of_unknown_codes": sum(use.of is None for use in uses),
        "from_codes_files": sum(use.from_codes_file for use in uses),
    }


@dataclass(frozen=True)
class Made:
    """A file of a made-up import."""

    kind: str
    rows: list[Row]
    scope: Scope


TEXTS = st.sampled_from(["A1", "A2", "a1", "0A"])
GROUPS = st.sampled_from(["Email", "SMS"])
YES_NO = st.sampled_from(["No", "No", "Yes"])
SCOPES = st.builds(
    Scope,
    st.sampled_from([None, "May", "June"]),
    st.sampled_from([None, "ZZ"]),
    st.sampled_from([None, "7", "8"]),
)
CODE_ROWS = st.builds(
    code,
    TEXTS,
    GROUPS,
    start=st.sampled_from(TIMES),
    expiry=st.sampled_from(TIMES),
    kind=st.sampled_from(["Item", "Item", "Discount", ""]),
    quantity=st.sampled_from(["1", "6", ""]),
    redeemed=st.sampled_from([*TIMES, "", ""]),
)
TRANSACTION_ROWS = st.builds(
    transaction,
    st.integers(1, 5),
    TEXTS,
    st.sampled_from(["Email", "SMS", ""]),
    time=st.sampled_from(TIMES[:-1]),
    site=st.sampled_from(["Site001", ""]),
    cancelled=YES_NO,
    deleted=st.sampled_from(["No", "No", "No", "Yes"]),
)
FILES = st.one_of(
    st.builds(Made, st.just("codes"), st.lists(CODE_ROWS, min_size=1, max_size=6), SCOPES),
    st.builds(
        Made, st.just("transactions"), st.lists(TRANSACTION_ROWS, min_size=1, max_size=6), SCOPES
    ),
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextlib.contextmanager
def a_store() -> Iterator[Store]:
    """An empty store; fixtures do not start afresh for each example."""
    with tempfile.TemporaryDirectory() as directory:
        opened = Store(Path(directory) / "vouchers.duckdb")
        try:
            yield opened
        finally:
            opened.close()


def take(store: Store, made: Made, *, is_sample: bool = False) -> ImportResult:
    write = codes_file if made.kind == "codes" else transactions_file
    path = write(store.path.with_name(f"{made.kind}.csv"), *made.rows)
    return load(store, path, made.scope, is_sample=is_sample)


@settings(SLOW, max_examples=40)
@given(st.lists(FILES, min_size=1, max_size=5), st.sampled_from(CHOICES))
def test_any_imports_in_any_order_give_what_plain_python_gives(
    files: list[Made], filters: Filters
) -> None:
    model = Model()
    with a_store() as store:
        for made in files:
            assert counts(take(store, made)) == model.take(made.kind, made.rows, made.scope)
        assert_sound(store)
        assert view(store) == model.view(Filters(), NOW)
        assert view(store, filters) == model.view(filters, NOW)
        again = take(store, made)
        assert (again.new, again.updated) == (0, 0)
        assert view(store) == model.view(Filters(), NOW)


# Text is text for ever.

AWKWARD = [
    "0012345",
    "00000000",
    "12345678901234567890",
    "1234567890123456789012345678901234567890",
    "1E5",
    "0x1F",
    "1_000",
    "TRUE",
    "false",
    "=A1",
    '=HYPERLINK("http://x")',
    "+44",
    "-1",
    "@A",
    "NULL",
    "null",
    "NaN",
    "N/A",
    "\\N",
    "\\",
    "inf",
    "01/02/2016",
    "12:30",
    "#COMMENT",
    "two words",
    " leads",
    "trails ",
    "tab\tinside",
    "a,b",
    'say "hello"',
    '"',
    "it's",
    "semi;colon",
    "line\nbreak",
    "windows\r\nbreak",
    "old\rbreak",
    "Café",
    "Cafe\u0301",
    "漢字",
    "🍕🍺",
    "\u200bzero width",
    "\ufeffmark",
    "شيفرة",
    "ß",
    "{code}",
    "%d%s",
    "$1",
    "x" * 5000,
]


def test_codes_survive_as_text(store: Store, tmp_path: Path) -> None:
    rows = [code(text, parent=text) for text in AWKWARD]
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (len(rows), 0, 0, 0)
    assert exported(store, "codes") == csv_bytes([CODES, *rows])
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (0, 0, len(rows), 0)


def test_every_text_of_a_transaction_survives_and_finds_its_code(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "codes.csv", *(code(text, text) for text in AWKWARD))
    rows = [
        (text, "08/01/2016 19:42", text, text, text, text, text, "No", "Yes") for text in AWKWARD
    ]
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (len(rows), 0, 0, 0)
    assert exported(store, "transactions") == csv_bytes([TRANSACTIONS, *rows])
    assert number(store, "of_unknown_codes") == 0
    assert number(store, "redeemed_codes") == len(rows)


@pytest.mark.parametrize("text", ["1E5", "0012345", "TRUE", "00:15", "2016-01-01"])
def test_one_awkward_text_after_thousands_of_plain_ones_survives(
    store: Store, tmp_path: Path, text: str
) -> None:
    rows = [*(code(str(n), item=str(n)) for n in range(1, 5001)), code(text, item=text)]
    brought(store, tmp_path / "a.csv", *rows)
    assert exported(store, "codes") == csv_bytes([CODES, *rows])


# The dress of a file.

PLAIN = [
    code("A1", "Café"),
    code('a "b", c', 'Newspaper, "Times"', parent="P\n1"),
    code("B1", redeemed="08/01/2016 19:42"),
]
PLAIN_BYTES = csv_bytes([CODES, *PLAIN])
DRESSES = {
    "a byte-order mark": csv_bytes([CODES, *PLAIN], mark=True),
    "Windows line ends": csv_bytes([CODES, *PLAIN], line_end="\r\n"),
    "no final line end": PLAIN_BYTES.removesuffix(b"\n"),
    "Windows line ends but for the last": csv_bytes([CODES, *PLAIN], line_end="\r\n").removesuffix(
        b"\r\n"
    ),
    "quotes around everything": csv_bytes([CODES, *PLAIN], quote_all=True),
    "quotes around everything and no final line end": csv_bytes(
        [CODES, *PLAIN], quote_all=True
    ).removesuffix(b"\n"),
    "a blank line at the end": PLAIN_BYTES + b"\n",
    "blank lines at the end": PLAIN_BYTES + b"\n\n\n",
    "blank Windows lines at the end": csv_bytes([CODES, *PLAIN], line_end="\r\n") + b"\r\n\r\n",
    "all that a spreadsheet does": csv_bytes(
        [CODES, *PLAIN], line_end="\r\n", quote_all=True, mark=True
    )
    + b"\r\n",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_file_is_read_right_with(store: Store, tmp_path: Path, dress: str) -> None:
    path = tmp_path / "dressed.csv"
    path.write_bytes(DRESSES[dress])
    assert counts(load(store, path)) == (len(PLAIN), 0, 0, 0)
    assert exported(store, "codes") == PLAIN_BYTES
    assert min(times(store)) == datetime(2016, 1, 8, 19, 42)
    path.write_bytes(PLAIN_BYTES)
    assert counts(load(store, path)) == (0, 0, len(PLAIN), 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])
def test_a_line_break_in_quotes_stays_as_it_is_whatever_ends_the_lines(
    store: Store, tmp_path: Path, end: str, inside: str
) -> None:
    rows = [code("A1"), code(f"B{inside}1"), code("C1", parent=f"{inside}x{inside}")]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([CODES, *rows], line_end=end))
    assert counts(load(store, path)) == (3, 0, 0, 0)
    assert exported(store, "codes") == csv_bytes([CODES, *rows])


def test_a_file_of_one_row_without_a_line_end_is_read_right(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([TRANSACTIONS, transaction(1, "A1")]).rstrip())
    assert counts(load(store, path)) == (1, 0, 0, 0)


def test_seconds_survive(store: Store, tmp_path: Path) -> None:
    codes = code("A1", start="01/01/2016 00:00:01", redeemed="08/01/2016 19:42:59"), code("A2")
    sold = transaction(1, "A2", time="09/01/2016 23:59:59"), transaction(2, "A2")
    brought(store, tmp_path / "a.csv", *codes)
    brought(store, tmp_path / "b.csv", *sold)
    assert exported(store, "codes") == csv_bytes([CODES, *codes])
    assert exported(store, "transactions") == csv_bytes([TRANSACTIONS, *sold])
    assert min(times(store)) == datetime(2016, 1, 8, 19, 42)
    assert max(times(store)) == datetime(2016, 1, 9, 23, 59, 59)


def test_the_order_of_a_file_is_kept(store: Store, tmp_path: Path) -> None:
    # More rows than one group of the engine's, in no order that could be made anew.
    rows = [code(f"A{n * 7919 % 200_003}") for n in range(200_000)]
    assert counts(brought(store, tmp_path / "a.csv", *rows)) == (200_000, 0, 0, 0)
    assert exported(store, "codes") == csv_bytes([CODES, *rows])


@pytest.mark.parametrize("name", ["codes[1].csv", "codes (2).csv", "codes*.csv", "what?.csv",
                                  "Café 100%.csv", "it's.csv", "codes.txt", "codes",
                                  "codes.csv.gz"])  # fmt: skip
def test_the_name_of_a_file_does_not_matter(store: Store, tmp_path: Path, name: str) -> None:
    codes_file(tmp_path / "codes1.csv", code("OTHER"))  # what the pattern codes[1].csv would find
    done = load(store, codes_file(tmp_path / name, code("A1")))
    assert (done.file, done.new) == (name, 1)
    assert stored(store, "codes") == [("A1", None, None, None)]


# The history.


def test_each_import_is_written_down(store: Store, tmp_path: Path) -> None:
    began = datetime.now().replace(microsecond=0)
    first = brought(store, tmp_path / "a.csv", code("A1"), scope=Scope("May", "A", "7"))
    second = brought(store, tmp_path / "b.csv", transaction(1, "A1"), transaction(1, "A1"))
    assert second.import_id > first.import_id
    assert stored(store, "imports") == [
        ("a.csv", "codes", "May", "A", "7", 1, 1, 0, 0, 0),
        ("b.csv", "transactions", None, None, None, 2, 1, 0, 0, 1),
    ]
    with store.cursor() as cursor:
        frame = run(cursor, "imports", Filters(), NOW)
    assert list(frame["file"]) == ["b.csv", "a.csv"]
    assert all(began <= at <= datetime.now() for at in frame["imported_at"])


def test_an_import_tells_how_far_it_is(store: Store, tmp_path: Path) -> None:
    told: list[float] = []
    path = codes_file(tmp_path / "a.csv", code("A1"))
    load(store, path, progress=lambda share, doing: told.append(share))
    assert all(0 <= share <= 1 for share in told)
    assert told == sorted(told)
    assert told[-1] == 1


def test_an_import_shows_as_another_version_of_the_store(store: Store, tmp_path: Path) -> None:
    before = store.version
    brought(store, tmp_path / "a.csv", code("A1"))
    assert store.version != before


# Before the import.


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("codes_batch_1042.csv", Scope(batch="1042")),
        ("codes_batch_1042 (1).csv", Scope(batch="1042")),
        ("Codes Batch 1042.CSV", Scope(batch="1042")),
        ("codes_batch_007.csv", Scope(batch="007")),
        ("codes_folder_january_2016.csv", Scope(folder="January 2016")),
        ("transactions_folder_january_2016.csv", Scope(folder="January 2016")),
        ("codes-folder-Bouncebacks.csv", Scope(folder="Bouncebacks")),
        ("codes_prefix_back.csv", Scope(prefix="BACK")),
        ("transactions_prefix_back.csv", Scope(prefix="BACK")),
        ("codes_group_sms.csv", Scope()),
        ("export.csv", Scope()),
        ("codes_folder_.csv", Scope()),
        ("", Scope()),
    ],
)
def test_the_name_of_a_file_gives_a_guess(name: str, scope: Scope) -> None:
    assert guess_scope(name) == scope


def test_a_guessed_folder_is_spelled_as_it_is_known() -> None:
    known = ["Bouncebacks", "JANUARY 2016"]
    assert guess_scope("codes_folder_january_2016.csv", known).folder == "JANUARY 2016"
    assert guess_scope("codes_folder_may_2016.csv", known).folder == "May 2016"


def test_a_guess_is_never_applied_in_silence(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "codes_batch_1042.csv", code("A1"))
    brought(store, tmp_path / "transactions_folder_may.csv", transaction(1, "A1"))
    assert stored(store, "codes") == [("A1", None, None, None)]
    assert stored(store, "transactions") == [("A1", None, None, None)]


def test_a_preview_says_what_a_codes_file_is_and_stores_nothing(
    store: Store, tmp_path: Path
) -> None:
    path = codes_file(
        tmp_path / "upload-x1.csv",
        code("A1", "SMS", start="03/01/2016 00:00"),
        code("A2", "SMS", start="04/01/2016 00:00", expiry="01/12/2016 00:00"),
        code("A3", "Email", start="", expiry=""),
    )
    seen = preview(store, path, "codes_batch_7.csv")
    assert (seen.kind, seen.rows, seen.groups) == ("codes", 3, ["SMS", "Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 3), datetime(2016, 12, 1))
    assert seen.guess == Scope(batch="7")
    assert stored(store, "codes") == stored(store, "imports") == []
    assert counts(load(store, path)) == (3, 0, 0, 0)


def test_a_preview_says_what_a_transactions_file_is(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "codes.csv", code("A1"), scope=Scope(folder="MAY (rest)"))
    brought(store, tmp_path / "codes.csv", code("A2"), scope=Scope(folder="MAY"))
    path = transactions_file(
        tmp_path / "x.csv",
        transaction(1, "A1", time="09/01/2016 10:00"),
        transaction(2, "A1", "", time="07/01/2016 10:00"),
        transaction(3, "A1", time="08/01/2016 10:00"),
    )
    seen = preview(store, path, "transactions_folder_may.csv")
    assert (seen.kind, seen.rows, seen.groups) == ("transactions", 3, ["Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 7, 10), datetime(2016, 1, 9, 10))
    assert seen.guess == Scope(folder="MAY")


def test_a_preview_refuses_what_the_import_would_refuse(store: Store, tmp_path: Path) -> None:
    path = codes_file(tmp_path / "a.csv", code("A1"), code(""))
    with pytest.raises(Refused) as refused:
        preview(store, path, path.name)
    assert (refused.value.line, refused.value.column) == (3, "Code")


# The sample data.


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the sample data in it. Copy it, do not change it."""
    opened = Store(tmp_path_factory.mktemp("sample") / "vouchers.duckdb")
    fill_with_sample(opened, date(2026, 11, 23))
    opened.close()
    return opened.path


def everything(store: Store) -> list[object]:
    """What a store shows, from several sides."""
    return [
        *(view(store, filters) for filters in CHOICES),
        exported(store, "codes"),
        exported(store, "transactions"),
        stored(store, "codes"),
        stored(store, "transactions"),
    ]


def test_real_files_over_the_sample_count_as_if_it_had_never_been_there(
    sample_file: Path, loaded: Store, tmp_path: Path
) -> None:
    (tmp_path / "used").mkdir()
    used = Store(Path(shutil.copy(sample_file, tmp_path / "used" / "vouchers.duckdb")))
    try:
        assert number(used, "codes_issued") > 50_000
        load_fixtures(used)
        clear_sample(used)
        assert_sound(used)
        for answer in EXPECTED["answers"]:
            filters = {name: [value] if isinstance(value, str) else value
                       for name, value in answer["filters"].items()}  # fmt: skip
            pairs = [(name, value) for name, values in filters.items() for value in values]
            chosen, problems = Filters.from_query([*pairs, ("asof", answer["asof"])])
            assert problems == []
            assert view(used, chosen) == view(loaded, chosen)
        assert everything(used) == everything(loaded)
        with used.cursor() as cursor:
            (held,) = records(run(cursor, "held", Filters(), NOW))
        assert (held["sample_imports"], held["own_imports"]) == (0, len(EXPECTED["load"]))
    finally:
        used.close()


def test_the_sample_alone_leaves_nothing_behind(sample_file: Path, tmp_path: Path) -> None:
    used = Store(Path(shutil.copy(sample_file, tmp_path / "vouchers.duckdb")))
    try:
        clear_sample(used)
        assert stored(used, "imports") == stored(used, "codes") == []
        assert number(used, "redemptions") == 0
    finally:
        used.close()


SAMPLES: dict[str, tuple[list[Made], list[Made]]] = {
    "the same code": (
        [Made("codes", [code("A1", redeemed="02/01/2016 10:00")], Scope("Sample", "A", "1"))],
        [Made("codes", [code("A1")], Scope())],
    ),
    "the same code, unchanged": (
        [Made("codes", [code("A1")], Scope())],
        [Made("codes", [code("A1")], Scope())],
    ),
    "the same transaction": (
        [Made("transactions", [transaction(1, "A1", cancelled="Yes")], Scope("Sample"))],
        [Made("transactions", [transaction(1, "A1")], Scope())],
    ),
    "a real transaction of a sample code": (
        [Made("codes", [code("A1", redeemed="02/01/2016 10:00")], Scope("Sample", "A", "1"))],
        [Made("transactions", [transaction(1, "A1")], Scope("May", None, "7"))],
    ),
    "a sample transaction of a real code": (
        [Made("transactions", [transaction(1, "A1", cancelled="Yes")], Scope("Sample"))],
        [Made("codes", [code("A1", redeemed="02/01/2016 10:00")], Scope("May"))],
    ),
}


@pytest.mark.parametrize("clash", SAMPLES)
def test_clearing_the_sample_keeps_what_real_files_said_too(clash: str) -> None:
    made_up, real = SAMPLES[clash]
    assert_as_if_never_there(made_up, real)


@settings(SLOW, max_examples=20)
@given(
    st.lists(FILES, min_size=1, max_size=3),
    st.lists(FILES, min_size=0, max_size=3),
    st.sampled_from(CHOICES),
)
def test_clearing_the_sample_leaves_what_the_real_files_alone_would_give(
    made_up: list[Made], real: list[Made], filters: Filters
) -> None:
    assert_as_if_never_there(made_up, real, filters)


def assert_as_if_never_there(
    made_up: list[Made], real: list[Made], filters: Filters = Filters(folder=("May",))
) -> None:
    model = Model()
    with a_store() as store:
        for made in made_up:
            take(store, made, is_sample=True)
        for made in real:
            take(store, made)
            model.take(made.kind, made.rows, made.scope)
        clear_sample(store)
        assert_sound(store)
        for chosen in (Filters(), filters):
            assert view(store, chosen) == model.view(chosen, NOW)
        assert len(stored(store, "imports")) == len(real)


# The command.


def command(store: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m data.load` as people do."""
    return subprocess.run(
        [sys.executable, "-m", "data.load", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(store)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def reopened(path: Path) -> contextlib.closing[Store]:
    return contextlib.closing(Store(path))


def test_the_command_stores_files_and_prints_one_json_object(tmp_path: Path) -> None:
    codes = codes_file(tmp_path / "codés.csv", code("A1"), code("A1"))
    sold = transactions_file(tmp_path / "sold.csv", transaction(1, "A1"))
    scope = ("--folder", "May", "--prefix", "A", "--batch", "7")
    done = command(tmp_path / "s.duckdb", *scope, "--json", codes, sold)
    assert done.returncode == 0
    first, second = json.loads(done.stdout)["files"]
    assert list(json.loads(done.stdout)) == ["files"]
    names = {"file", "kind", "rows", "new", "updated", "unchanged", "duplicates", "import_id"}
    assert set(first) == set(second) == names
    assert (Path(first["file"]).name, first["kind"], first["rows"]) == ("codés.csv", "codes", 2)
    assert [first[n] for n in ("new", "updated", "unchanged", "duplicates")] == [1, 0, 0, 1]
    assert (second["kind"], second["new"]) == ("transactions", 1)
    with reopened(tmp_path / "s.duckdb") as store:
        assert stored(store, "codes") == [("A1", "May", "A", "7")]
        assert stored(store, "transactions") == [("A1", "May", "A", "7")]


def test_the_command_says_in_words_what_it_did(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", code("A1"))
    done = command(tmp_path / "s.duckdb", path)
    assert done.returncode == 0
    for word in ("codes.csv", "1 new", "0 updated", "0 unchanged", "0 duplicates"):
        assert word in done.stdout


def test_the_command_takes_the_store_that_it_is_given(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", code("A1"))
    assert command(tmp_path / "a.duckdb", "--store", tmp_path / "b.duckdb", path).returncode == 0
    assert (tmp_path / "b.duckdb").exists()
    assert not (tmp_path / "a.duckdb").exists()


@pytest.mark.parametrize("wrong_first", [True, False])
def test_of_two_files_the_refused_one_does_not_keep_the_other_out(
    tmp_path: Path, wrong_first: bool
) -> None:
    wrong = transactions_file(tmp_path / "wrong.csv", transaction(1, "QZ7A", cancelled=""))
    right = codes_file(tmp_path / "right.csv", code("QZ7A"))
    files = [wrong, right] if wrong_first else [right, wrong]
    done = command(tmp_path / "s.duckdb", "--json", *files)
    assert done.returncode == 1
    (file,) = json.loads(done.stdout)["files"]
    assert (Path(file["file"]).name, file["new"]) == ("right.csv", 1)
    for word in ("wrong.csv", "line 2", "Cancelled", "Yes", "No"):
        assert word in done.stderr
    assert "QZ7" not in done.stderr
    with reopened(tmp_path / "s.duckdb") as store:
        assert len(stored(store, "codes")) == 1
        assert stored(store, "transactions") == []
        assert [row[0] for row in stored(store, "imports")] == ["right.csv"]


def test_the_command_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    done = command(tmp_path / "s.duckdb", "--json", tmp_path / "nowhere.csv")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"files": []}
    assert "nowhere.csv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("--json",), ("--folder",), ("--colour", "red", "x.csv"), ("--batch", " ", "x.csv")],
    ids=str,
)
def test_wrong_usage_ends_with_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = command(tmp_path / "s.duckdb", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr
    assert not (tmp_path / "s.duckdb").exists()


def test_a_store_in_use_is_said_and_where_to_import_instead(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", code("QZ7A"))
    hold = (
        "import sys; from data.store.database import Store; "
        "from data.store.settings import store_path;"
        " s = Store(store_path());"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold + "print('open', flush=True); sys.stdin.read(); s.close()"],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(tmp_path / "s.duckdb")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == b"open\n"
        done = command(tmp_path / "s.duckdb", path)
        holder.stdin.close()
    assert (done.returncode, done.stdout) == (1, "")
    assert "in use" in done.stderr
    assert "Imports page" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(tmp_path / "s.duckdb", path).returncode == 0


def test_a_file_that_is_no_store_is_not_harmed(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", code("QZ7A"))
    other = tmp_path / "holiday.duckdb"
    other.write_bytes(b"not a database\n" * 1000)
    done = command(other, path)
    assert done.returncode == 1
    assert "holiday.duckdb" in done.stderr
    assert "Traceback" not in done.stderr
    assert other.read_bytes() == b"not a database\n" * 1000


def test_the_command_takes_the_sample_out_first_when_asked(tmp_path: Path) -> None:
    with reopened(tmp_path / "s.duckdb") as store:
        load(store, codes_file(tmp_path / "sample.csv", code("S1")), is_sample=True)
    path = codes_file(tmp_path / "codes.csv", code("A1"))
    assert command(tmp_path / "s.duckdb", "--clear-sample", path).returncode == 0
    with reopened(tmp_path / "s.duckdb") as store:
        assert [row[0] for row in stored(store, "codes")] == ["A1"]
