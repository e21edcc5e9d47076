"""What an import changed, what was odd about it, and how it is taken back as if never there."""

import contextlib
import csv
import hashlib
import io
import json
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from data import load as command
from data import rebuild as rebuilding
from data.backup import NotCopied, backup
from data.importing import inbox
from data.importing.pipeline import load
from data.importing.progress import Stop
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.replay.rebuild import rebuild
from data.replay.undo import clear_sample, undo
from data.store.database import Store
from data.store.errors import Refused, Stopped
from data.store.settings import DATA, inbox_folder
from queries import export
from queries.filters import Filters
from queries.engine.totals import run
from tests.conftest import ROOT
from tests.files import CODES, TRANSACTIONS, Row, code, codes_file, csv_bytes, transaction
from tests.model import NOW, File, Ledger, brought_in, everything, told
from tests.test_imports import Made, assert_sound, brought, counts, number, records, stored

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Key = tuple[str | None, str, str | None]
MAY = Scope(folder="May")


# What tests ask of an import.


def csv_of(store: Store, import_id: int, change: str) -> bytes:
    path = store.path.with_name("changes.csv")
    with store.cursor() as cursor:
        export.write(cursor, "changes", Filters(), NOW, path, import_id=import_id, change=change)
    return path.read_bytes()


def changes(store: Store, done: ImportResult | int) -> dict[str, list[Key]]:
    """What an import changed: the count, the list and the CSV say the same."""
    import_id = done if isinstance(done, int) else done.import_id
    found: dict[str, list[Key]] = {}
    with store.cursor() as cursor:
        said = records(run(cursor, "import_changes", Filters(), NOW, import_id=import_id))
        for row in said:
            values = {"import_id": import_id, "change": row["change"], "offset": 0}
            listed = records(run(cursor, "import_changes_rows", Filters(), NOW, **values))
            found[row["change"]] = [
                (one["group_name"], one["code"], one["transaction_id"]) for one in listed
            ]
            assert len(listed) == min(row["count"], 50)
    for change, keys in found.items():
        content = csv_of(store, import_id, change).decode()
        header, *lines = csv.reader(io.StringIO(content, newline=""))
        assert header == ["Group_Name", "Code", "Transaction_ID"]
        if len(keys) < 50:
            assert [tuple(text or "" for text in key) for key in keys] == [*map(tuple, lines)]
    return {change: sorted(keys, key=repr) for change, keys in found.items()}


def gone(store: Store, done: ImportResult) -> list[str]:
    return [text for _, text, _ in changes(store, done).get("gone", [])]


def warnings(store: Store, done: ImportResult) -> dict[str, tuple[int, list[int], str | None]]:
    """Kind of oddity → how many rows, the first lines, the detail."""
    with store.cursor() as cursor:
        cursor.execute(
            "select kind || if(kind = 'day_month', ' ' || detail, ''), rows, lines, detail"
            " from vouchers.warnings where import_id = ?",
            [done.import_id],
        )
        rows = cursor.fetchall()
    assert len(rows) == len(done.warnings)
    return {kind: (count, lines, detail) for kind, count, lines, detail in rows}


def odd(store: Store, done: ImportResult, kind: str) -> tuple[int, list[int]] | None:
    said = warnings(store, done).get(kind)
    return said and said[:2]


def email(*texts: str) -> list[Key]:
    return [("Email", text, None) for text in texts]


def sale(number: object, text: str, group: str | None = "Email") -> Key:
    return (group, text, f"DF9AF431-{number}")


# What an import changed: new, redeemed, cancelled.


def test_a_first_import_brings_only_new_codes(store: Store, tmp_path: Path) -> None:
    done = brought(store, tmp_path / "a.csv", code("A1"), code("A2", redeemed="02/01/2016 10:00"))
    assert changes(store, done) == {"new codes": email("A1", "A2")}


def test_a_first_import_brings_only_new_transactions(store: Store, tmp_path: Path) -> None:
    rows = transaction(1, "A1"), transaction(2, "A1", ""), transaction(3, "A2", cancelled="Yes")
    done = brought(store, tmp_path / "a.csv", *rows)
    assert changes(store, done) == {
        "new transactions": [sale(1, "A1"), sale(3, "A2"), sale(2, "A1", None)]
    }


@pytest.mark.parametrize("row", [code("A1", redeemed="02/01/2016 10:00"), transaction(1, "A1")])
def test_the_same_file_again_changed_nothing(store: Store, tmp_path: Path, row: Row) -> None:
    first = brought(store, tmp_path / "a.csv", row)
    before = changes(store, first)
    assert changes(store, brought(store, tmp_path / "a.csv", row)) == {}
    assert changes(store, first) == before


def test_a_codes_file_can_tell_that_codes_were_redeemed(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2", redeemed="02/01/2016 10:00"))
    done = brought(
        store,
        tmp_path / "b.csv",
        code("A1", redeemed="03/01/2016 10:00"),
        code("A2", redeemed="04/01/2016 10:00"),  # redeemed already
        code("A3", redeemed="03/01/2016 10:00"),  # new
    )
    assert changes(store, done) == {
        "new codes": email("A3"),
        "newly redeemed": email("A1"),
        "changed": email("A1", "A2"),
    }


def test_transactions_can_tell_that_codes_were_redeemed(store: Store, tmp_path: Path) -> None:
    texts = ("A1", "A2", "A3", "A4")
    brought(store, tmp_path / "codes.csv", *map(code, texts), code("A1", "SMS"))
    brought(store, tmp_path / "a.csv", transaction(1, "A3"))
    rows = [
        transaction(2, "A1"),
        transaction(3, "A1"),  # counts once
        transaction(4, "A2", cancelled="Yes"),  # not live
        transaction(5, "A3"),  # redeemed already
        transaction(6, "B1"),  # of no known code
    ]
    done = brought(store, tmp_path / "b.csv", *rows)
    assert changes(store, done) == {
        "new transactions": [*(sale(n, text) for n, text in ((2, "A1"), (3, "A1"), (4, "A2"),
                                                             (5, "A3"), (6, "B1")))],
        "newly redeemed": email("A1"),
    }  # fmt: skip


def test_a_transaction_of_a_code_that_its_file_called_redeemed_is_no_news_of_the_code(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1", redeemed="08/01/2016 19:42"))
    done = brought(store, tmp_path / "b.csv", transaction(1, "A1"))
    assert changes(store, done) == {"new transactions": [sale(1, "A1")]}


def test_a_redemption_time_is_no_news_where_transactions_speak_for_the_code(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"))
    brought(store, tmp_path / "b.csv", transaction(1, "A1", cancelled="Yes"))
    done = brought(store, tmp_path / "c.csv", code("A1", redeemed="08/01/2016 19:42"))
    assert changes(store, done) == {"changed": email("A1")}


def test_a_cancelled_code_that_is_redeemed_after_all_is_newly_redeemed(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2"))
    brought(
        store,
        tmp_path / "b.csv",
        transaction(1, "A1", cancelled="Yes"),
        transaction(2, "A2", cancelled="Yes"),
    )
    done = brought(store, tmp_path / "c.csv", transaction(1, "A1"), transaction(3, "A2"))
    assert changes(store, done) == {
        "new transactions": [sale(3, "A2")],
        "newly redeemed": email("A1", "A2"),
        "changed": [sale(1, "A1")],
    }


def test_a_code_redeemed_again_after_its_cancellation_is_newly_redeemed_again(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"))
    first = brought(store, tmp_path / "b.csv", transaction(1, "A1"))
    second = brought(store, tmp_path / "c.csv", transaction(1, "A1", cancelled="Yes"))
    third = brought(store, tmp_path / "d.csv", transaction(2, "A1"))
    assert changes(store, first)["newly redeemed"] == email("A1")
    assert changes(store, second) == {"newly cancelled": [sale(1, "A1")]}
    assert changes(store, third) == {
        "new transactions": [sale(2, "A1")],
        "newly redeemed": email("A1"),
    }


def test_codes_that_come_after_their_transactions_are_new_and_nothing_else(
    store: Store, tmp_path: Path
) -> None:
    first = brought(store, tmp_path / "a.csv", transaction(1, "A1"))
    done = brought(store, tmp_path / "b.csv", code("A1", redeemed="08/01/2016 19:42"))
    assert changes(store, done) == {"new codes": email("A1")}
    assert changes(store, first) == {"new transactions": [sale(1, "A1")]}


def test_a_transaction_that_moves_to_another_code_redeems_that_one(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2"))
    brought(store, tmp_path / "b.csv", transaction(1, "A1"))
    done = brought(store, tmp_path / "c.csv", transaction(1, "A2"))
    assert changes(store, done) == {
        "newly redeemed": email("A2"),
        "changed": [sale(1, "A2")],
    }


def test_only_what_was_not_cancelled_before_is_newly_cancelled(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", transaction(1, "A1"), transaction(2, "A1", cancelled="Yes"))
    done = brought(
        store,
        tmp_path / "b.csv",
        transaction(1, "A1", cancelled="Yes"),
        transaction(2, "A1", cancelled="Yes"),
        transaction(3, "A1", cancelled="Yes"),
    )
    assert changes(store, done) == {
        "new transactions": [sale(3, "A1")],
        "newly cancelled": [sale(1, "A1")],
    }


# Changed otherwise.


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (code("A1", start="02/01/2016 00:00"), "new dates"),
        (code("A1", expiry="02/02/2016 00:00"), "new dates"),
        (code("A1", expiry=""), "new dates"),
        (code("A1", start="02/01/2016 00:00", expiry="02/02/2016 00:00"), "new dates"),
        (code("A1", kind="Discount"), "changed"),
        (code("A1", quantity="2"), "changed"),
        (code("A1", quantity=""), "changed"),
        (code("A1", item="17"), "changed"),
        (code("A1", parent="P1"), "changed"),
    ],
)
def test_a_code_changed_in(store: Store, tmp_path: Path, row: Row, change: str) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2"))
    done = brought(store, tmp_path / "b.csv", row, code("A2"))
    assert changes(store, done) == {change: email("A1")}


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_a_scope_that_is_said_later_changes_the_rows(
    store: Store, tmp_path: Path, kind: str
) -> None:
    row = code("A1") if kind == "codes" else transaction(1, "A1")
    brought(store, tmp_path / "a.csv", row)
    done = brought(store, tmp_path / "b.csv", row, scope=MAY)
    key = email("A1") if kind == "codes" else [sale(1, "A1")]
    assert changes(store, done) == {"changed": key}


def test_of_a_code_that_stands_twice_only_the_last_row_changes_anything(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"))
    done = brought(store, tmp_path / "b.csv", code("A1", expiry=""), code("A1", quantity="3"))
    assert changes(store, done) == {"changed": email("A1")}
    again = brought(store, tmp_path / "c.csv", code("A1", expiry=""), code("A1", quantity="3"))
    assert changes(store, again) == {}


def test_the_csv_of_a_change_holds_every_row_as_text(store: Store, tmp_path: Path) -> None:
    awkward = ["1E5", "0012", 'say "hi", twice', "line\nbreak", "=A1", "Café", "9" * 40]
    done = brought(store, tmp_path / "a.csv", *(code(text, "S, M") for text in awkward))
    rows = [("S, M", text, "") for text in awkward]
    header = ("Group_Name", "Code", "Transaction_ID")
    assert csv_of(store, done.import_id, "new codes") == csv_bytes([header, *rows])
    sold = brought(store, tmp_path / "b.csv", *(transaction(t, t, "") for t in awkward))
    sales = [("", text, f"DF9AF431-{text}") for text in awkward]
    assert csv_of(store, sold.import_id, "new transactions") == csv_bytes([header, *sales])


def test_a_long_list_of_changes_comes_in_pages_and_its_csv_whole(
    store: Store, tmp_path: Path
) -> None:
    rows = [code(f"A{n}") for n in range(120)]
    brought(store, tmp_path / "a.csv", *rows)
    done = brought(store, tmp_path / "b.csv", *(code(row[0], quantity="2") for row in rows))
    pages = []
    with store.cursor() as cursor:
        for offset in (0, 50, 100, 150):
            values = {"import_id": done.import_id, "change": "changed", "offset": offset}
            frame = run(cursor, "import_changes_rows", Filters(), NOW, **values)
            pages.append(list(frame["code"]))
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert [text for page in pages for text in page] == [row[0] for row in rows]
    assert csv_of(store, done.import_id, "changed").count(b"\n") == 121


# Gone since the last export of the same scope.

SCOPES = [MAY, Scope(prefix="A"), Scope(batch="7"), Scope("May", "A", "7")]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_codes_of_the_last_export_of_the_same_scope_that_are_missing_are_gone(
    store: Store, tmp_path: Path, scope: Scope
) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2"), code("A1", "SMS"), scope=scope)
    done = brought(store, tmp_path / "x.csv", code("A1"), code("A3"), scope=scope)
    assert changes(store, done) == {
        "new codes": email("A3"),
        "gone": [("Email", "A2", None), ("SMS", "A1", None)],
    }
    assert odd(store, done, "gone") == (2, [])
    assert number(store, "codes_issued") == 4  # what is gone stays, and counts


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("other", [*SCOPES, Scope(), Scope(folder="June"), Scope(batch="8")])
def test_nothing_is_gone_between_exports_of_different_scopes(
    store: Store, tmp_path: Path, scope: Scope, other: Scope
) -> None:
    if scope != other:
        brought(store, tmp_path / "a.csv", code("A1"), code("A2"), scope=scope)
        done = brought(store, tmp_path / "a.csv", code("A1"), scope=other)
        assert gone(store, done) == []


SAME_EXPORT = [
    ("codes.csv", "codes.csv"),
    ("codes_group_email.csv", "codes_group_email (1).csv"),
    ("codes_group_email (1).csv", "codes_group_email (2).csv"),
    ("codes_email_2016-01-04.csv", "codes_email_2016-01-11.csv"),
    ("codes_email_20160104.csv", "codes_email_20160111.csv"),
    ("codes_email_2016_01_04.csv", "codes_email_2016_01_11 (2).csv"),
]


@pytest.mark.parametrize(("first", "second"), SAME_EXPORT)
def test_without_a_scope_two_exports_of_one_group_are_told_by_their_name_but_for_its_date(
    store: Store, tmp_path: Path, first: str, second: str
) -> None:
    brought(store, tmp_path / first, code("A1"), code("A2"))
    assert gone(store, brought(store, tmp_path / second, code("A1"))) == ["A2"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("codes_batch_1041.csv", "codes_batch_1042.csv"),
        ("codes_batch_1041_2016-01-04.csv", "codes_batch_1042_2016-01-11.csv"),
        ("codes_batch_10415501.csv", "codes_batch_10426602.csv"),  # no dates: eight digits
        ("codes_spring.csv", "codes_summer.csv"),
    ],
)
def test_without_a_scope_nothing_is_gone_between_files_of_different_batches_or_names(
    store: Store, tmp_path: Path, first: str, second: str
) -> None:
    brought(store, tmp_path / first, code("A1"), code("A2"))
    assert gone(store, brought(store, tmp_path / second, code("A1"))) == []


def test_nothing_is_gone_between_batches_of_one_folder(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", code("A1"), code("A2"), scope=Scope("May", None, "7"))
    done = brought(store, tmp_path / "a.csv", code("A3"), scope=Scope("May", None, "8"))
    assert gone(store, done) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([code("A1"), code("A2")], [code("A1"), code("A1", "SMS")]),
        ([code("A1"), code("A2"), code("A1", "SMS")], [code("A1")]),
        ([code("A1"), code("A2")], [code("A1", "SMS")]),
    ],
)
def test_without_a_scope_nothing_is_gone_where_not_both_files_are_of_the_same_one_group(
    store: Store, tmp_path: Path, first: list[Row], second: list[Row]
) -> None:
    brought(store, tmp_path / "codes.csv", *first)
    assert gone(store, brought(store, tmp_path / "codes.csv", *second)) == []


def test_what_is_gone_is_said_once_and_not_every_monday(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "1.csv", code("A1"), code("A2"), scope=MAY)
    assert gone(store, brought(store, tmp_path / "2.csv", code("A1"), scope=MAY)) == ["A2"]
    assert gone(store, brought(store, tmp_path / "3.csv", code("A1"), scope=MAY)) == []


def test_a_code_that_came_back_can_go_again(store: Store, tmp_path: Path) -> None:
    for _ in range(2):
        brought(store, tmp_path / "1.csv", code("A1"), code("A2"), scope=MAY)
        assert gone(store, brought(store, tmp_path / "2.csv", code("A1"), scope=MAY)) == ["A2"]


def test_an_export_of_another_scope_in_between_hides_nothing_that_is_gone(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "1.csv", code("A1"), code("A2"), scope=MAY)
    brought(store, tmp_path / "2.csv", code("A2"), scope=Scope(batch="7"))
    assert gone(store, brought(store, tmp_path / "3.csv", code("A1"), scope=MAY)) == ["A2"]


def test_no_transactions_file_makes_codes_go(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "1.csv", code("A1"), code("A2"), scope=MAY)
    done = brought(store, tmp_path / "1.csv", transaction(1, "A1"), scope=MAY)
    assert gone(store, done) == []


def test_a_group_whose_codes_are_all_gone_is_named(store: Store, tmp_path: Path) -> None:
    rows = code("A1"), code("A2"), code("B1", "SMS"), code("B2", "SMS"), code("C1", "Post")
    brought(store, tmp_path / "1.csv", *rows, scope=MAY)
    done = brought(store, tmp_path / "2.csv", code("B1", "SMS"), scope=MAY)
    said = warnings(store, done)
    assert said["gone"] == (4, [], None)
    assert said["group_gone"] == (3, [], "Email, Post")
    assert any("Email, Post" in sentence for sentence in done.warnings)


def test_what_is_gone_is_told_anew_when_the_import_before_is_taken_back(
    store: Store, tmp_path: Path
) -> None:
    brought(store, tmp_path / "1.csv", code("A1"), scope=MAY)
    second = brought(store, tmp_path / "2.csv", code("A1"), code("A2"), scope=MAY)
    third = brought(store, tmp_path / "3.csv", code("A1"), scope=MAY)
    assert gone(store, third) == ["A2"]
    undo(store, {second.import_id})
    assert changes(store, third) == {}


# What was odd: the warnings, with their lines.

FINE = code("A0", start="13/01/2016 00:00", expiry="16/02/2016 00:00")


def dated(text: str, start: str, expiry: str, redeemed: str = "") -> Row:
    return code(text, start=f"{start} 00:00", expiry=expiry, redeemed=redeemed)


@pytest.mark.parametrize(
    ("kind", "rows", "count", "lines"),
    [
        ("last_day", [FINE, dated("A1", "01/01/2016", "31/01/2016 00:00")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "29/02/2016 00:01")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "31/12/2016 00:01")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "17/01/2016 00:00")], 1, [3]),  # a Sunday
        ("last_day", [dated("A1", "01/01/2016", "31/01/2016 23:59")], 0, []),
        ("last_day", [dated("A1", "01/01/2016", "28/02/2017 12:00")], 0, []),
        ("last_day", [dated("A1", "01/01/2016", "01/02/2016 00:00")], 0, []),  # a Monday
        ("last_day", [code("A1", expiry="")], 0, []),
        ("not_after_start", [dated("A1", "01/01/2016", "01/01/2016 00:00"), FINE], 1, [2]),
        ("not_after_start", [FINE, dated("A1", "02/01/2016", "01/01/2016 00:00")], 1, [3]),
        ("not_after_start", [code("A1", start=""), code("A2", expiry="")], 0, []),
        ("spaces", [code("A 1"), code(" A1"), FINE, code("A1 ")], 3, [2, 3, 5]),
        ("spaces", [code("A1", "E mail"), code("A-1")], 0, []),
        ("outside_dates", [code("A1", redeemed="31/12/2015 23:59")], 1, [2]),
        ("outside_dates", [FINE, code("A1", redeemed="01/02/2016 00:00")], 1, [3]),
        ("outside_dates", [code("A1", redeemed="01/01/2016 00:00")], 0, []),
        ("outside_dates", [code("A1", start="", expiry="", redeemed="01/01/1999 00:00")], 0, []),
        ("no_quantity", [FINE, code("A1", quantity=""), code("A2", quantity="0")], 1, [3]),
        ("only_case", [FINE, code("ab1"), code("X1"), code("AB1"), code("aB1")], 1, [3]),
        ("only_case", [code("ab1"), code("AB1", "SMS")], 0, []),
        ("only_case", [code("ab1"), code("ab1")], 0, []),
        ("overruled", [code("A1"), FINE, code("A1", quantity="2")], 1, [2]),
        ("overruled", [code("A1", quantity=n) for n in "1232"], 2, [2, 4]),
        ("overruled", [code("A1"), code("A1"), code("A1", "SMS", quantity="2")], 0, []),
    ],
)
def test_what_is_odd_in_a_codes_file_is_stored_and_said_with_its_lines(
    store: Store, tmp_path: Path, kind: str, rows: list[Row], count: int, lines: list[int]
) -> None:
    done = brought(store, tmp_path / "a.csv", *rows)
    assert odd(store, done, kind) == ((count, lines) if count else None)
    assert number(store, "codes_issued") == len({row[:2] for row in rows})


SPENT = code("A1", start="05/01/2016 00:00", expiry="20/01/2016 00:00")


@pytest.mark.parametrize(
    ("kind", "rows", "count", "lines"),
    [
        ("spaces", [transaction(1, "A1"), transaction(2, "A 1")], 1, [3]),
        ("outside_dates", [transaction(1, "A1", time="04/01/2016 23:59")], 1, [2]),
        ("outside_dates", [transaction(1, "A1", time="20/01/2016 00:00")], 1, [2]),
        ("outside_dates", [transaction(1, "A1", time="05/01/2016 00:00")], 0, []),
        ("outside_dates", [transaction(1, "A1", "SMS", time="01/01/1999 00:00")], 0, []),
        ("unknown_code", [transaction(1, "A1"), transaction(2, "B1")], 1, [3]),
        ("unknown_code", [transaction(1, "A1", "SMS"), transaction(2, "A1", "")], 2, [2, 3]),
        ("used_twice", [transaction(n, "A1") for n in range(3)], 1, [4]),
        ("used_twice", [transaction(1, "A1"), transaction(2, "A1", cancelled="Yes")], 0, []),
        ("used_twice", [transaction(n, "A1", campaign="C1") for n in range(3)], 0, []),
        ("used_twice", [transaction(1, "A1"), transaction(2, "A1", "SMS")], 0, []),
        ("used_twice", [transaction(1, "A1"), transaction(1, "A1")], 0, []),  # one transaction
        (
            "used_twice",
            [transaction(1, "A1"), transaction(1, "A1", cancelled="Yes"), transaction(2, "A1")],
            0,
            [],
        ),
        ("overruled", [transaction(1, "A1"), transaction(1, "A1", cancelled="Yes")], 1, [2]),
        ("overruled", [transaction(1, "A1"), transaction(1, "A1")], 0, []),
    ],
)
def test_what_is_odd_in_a_transactions_file_is_stored_and_said_with_its_lines(
    store: Store, tmp_path: Path, kind: str, rows: list[Row], count: int, lines: list[int]
) -> None:
    brought(store, tmp_path / "codes.csv", SPENT)
    done = brought(store, tmp_path / "a.csv", *rows)
    assert odd(store, done, kind) == ((count, lines) if count else None)
    assert len(stored(store, "transactions")) == len({row[0] for row in rows})


def test_dates_whose_days_could_all_be_months_are_said_with_what_proves_the_order(
    store: Store, tmp_path: Path
) -> None:
    rows = code("A1"), code("A2", expiry="28/04/2016 00:00"), code("A3", redeemed="")
    done = brought(store, tmp_path / "a.csv", *rows)
    assert {kind: said for kind, said in warnings(store, done).items() if "day_month" in kind} == {
        "day_month Start_Date": (1, [3], "Start_Date")
    }
    (sentence,) = (text for text in done.warnings if "month" in text)
    assert "Start_Date" in sentence
    assert "Line 3" in sentence


def test_dates_whose_days_could_all_be_months_are_said_where_nothing_proves_the_order(
    store: Store, tmp_path: Path
) -> None:
    done = brought(store, tmp_path / "a.csv", code("A1", redeemed="05/01/2016 10:00"))
    said = {kind: said for kind, said in warnings(store, done).items() if "day_month" in kind}
    assert said == {
        f"day_month {name}": (1, [], name) for name in ("Start_Date", "Expiry_Date",
                                                        "Redemption_Time")
    }  # fmt: skip
    sold = brought(store, tmp_path / "b.csv", transaction(1, "A1", time="12/01/2016 10:00"))
    assert warnings(store, sold)["day_month Time"] == (1, [], "Time")
    later = brought(store, tmp_path / "c.csv", transaction(2, "A1", time="13/01/2016 10:00"))
    assert "day_month Time" not in warnings(store, later)


def test_a_file_without_anything_odd_has_no_warning(store: Store, tmp_path: Path) -> None:
    assert warnings(store, brought(store, tmp_path / "a.csv", FINE)) == {}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_lines_of_a_warning_count_line_breaks_in_quotes(
    store: Store, tmp_path: Path, end: str
) -> None:
    rows = [code("A\n1"), code("A2", parent="x\ny\nz"), code("A3", quantity=""), FINE]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([CODES, *rows], line_end=end, mark=True) + (end * 2).encode())
    assert odd(store, load(store, path), "no_quantity") == (1, [7])


def test_a_warning_names_the_first_five_lines_and_counts_all(store: Store, tmp_path: Path) -> None:
    rows = [FINE, *(code(f"A{n}", quantity="") for n in range(1, 8))]
    done = brought(store, tmp_path / "a.csv", *rows)
    assert odd(store, done, "no_quantity") == (7, [3, 4, 5, 6, 7])
    assert any("Lines 3, 4, 5, 6, 7 …" in sentence for sentence in done.warnings)


def test_the_lines_of_a_warning_are_right_far_down_a_big_file(store: Store, tmp_path: Path) -> None:
    rows = [code(f"A{n}") for n in range(150_000)]
    rows += [code("B1", quantity=""), code("A149999", quantity="2"), code("A 7")]
    done = brought(store, tmp_path / "a.csv", *rows)
    said = {kind: odd(store, done, kind) for kind in ("no_quantity", "overruled", "spaces")}
    assert said == {
        "no_quantity": (1, [150_002]),
        "overruled": (1, [150_001]),
        "spaces": (1, [150_004]),
    }


def test_no_warning_says_a_code(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "0.csv", code("QZ7 a", quantity=""), code("QZ7 b"), scope=MAY)
    rows = (
        dated("QZ7 A", "31/12/2016", "31/12/2016 00:00", "31/12/2016 00:00"),
        code("qz7 a"),
        code("qz7 a", quantity=""),
    )
    done = brought(store, tmp_path / "1.csv", *rows, scope=MAY)
    sold = brought(store, tmp_path / "2.csv", *(transaction(n, "QZ7 X") for n in range(3)))
    assert {"last_day", "not_after_start", "spaces", "outside_dates", "no_quantity", "only_case",
            "overruled", "gone"} <= set(warnings(store, done))  # fmt: skip
    assert {"spaces", "unknown_code", "used_twice"} <= set(warnings(store, sold))
    assert not [text for text in (*done.warnings, *sold.warnings) if "qz7" in text.lower()]


# Taking an import back.

RICH: list[File] = [
    File("1.csv", Made("codes", [code("A1"), code("A2"), code("A1", "SMS")], MAY)),
    File("2.csv", Made("transactions", [transaction(1, "A1"), transaction(2, "B1")], MAY)),
    File(
        "3.csv",
        Made(
            "codes",
            [
                code("A1", quantity="6", redeemed="02/01/2016 10:00"),
                code("A2", expiry="01/03/2016 00:00", item="Café"),
                code("B1", redeemed="03/01/2016 10:00"),
            ],
            Scope("June", "A", "7"),
        ),
        encoding="windows-1252",
    ),
    File(
        "4.csv",
        Made(
            "transactions",
            [
                transaction(1, "A2", cancelled="Yes"),
                transaction(3, "A1", "SMS", deleted="Yes"),
                transaction(4, "A1"),
            ],
            Scope(),
        ),
        line_end="\r\n",
    ),
    File("5.csv", Made("codes", [code("A1", quantity="2"), code("B1")], Scope(batch="8"))),
]


@pytest.fixture
def rich(store: Store) -> Store:
    """A store with five imports that touch each other's rows."""
    for file in RICH:
        brought_in(store, file)
    return store


def assert_as_if_never(store: Store, *undone: int, folder: Path) -> None:
    """The same as a new store without those imports, and the same as plain Python says."""
    ledger = Ledger(tuple(RICH), frozenset(undone))
    assert told(store).unlike(ledger.state()) == []
    assert_sound(store)
    never = folder / f"never-{'-'.join(map(str, undone))}"
    with contextlib.closing(Store(never / "vouchers.duckdb")) as fresh:
        for file in ledger.live():
            brought_in(fresh, file)
        theirs, ours = told(fresh), told(store)
        assert [(*vars(ours).items(),)[:4]] == [(*vars(theirs).items(),)[:4]]
        for kind in ("codes", "transactions"):
            assert exported_bytes(store, kind) == exported_bytes(fresh, kind)
        assert said_of_all(store) == said_of_all(fresh)


def exported_bytes(store: Store, kind: str) -> bytes:
    path = store.path.with_name("out.csv")
    with store.cursor() as cursor:
        export.write(cursor, kind, Filters(), NOW, path)
    return path.read_bytes()


def said_of_all(store: Store) -> list[tuple[Any, ...]]:
    """All warnings and all that is gone, with the files' names for their numbers."""
    with store.cursor() as cursor:
        return cursor.execute(
            "select file, warnings.* exclude (import_id), null, null from vouchers.warnings"
            " join vouchers.imports using (import_id)"
            " union all select file, change, null, null, null, group_name, code"
            " from vouchers.changes join vouchers.imports using (import_id)"
            " where change = 'gone' order by all"
        ).fetchall()


@pytest.mark.parametrize("import_id", range(1, 6))
def test_an_import_whose_rows_later_ones_touched_is_taken_back_as_if_never_there(
    rich: Store, tmp_path: Path, import_id: int
) -> None:
    undo(rich, {import_id})
    assert_as_if_never(rich, import_id, folder=tmp_path)


@pytest.mark.parametrize("both", [(1, 3), (4, 2), (5, 1), (3, 4)], ids=str)
def test_two_imports_are_taken_back_in_either_order_or_at_once(
    rich: Store, tmp_path: Path, both: tuple[int, int]
) -> None:
    for import_id in both:
        undo(rich, {import_id})
    assert_as_if_never(rich, *both, folder=tmp_path)
    at_once = tmp_path / "at_once"
    with contextlib.closing(Store(at_once / "vouchers.duckdb")) as other:
        for file in RICH:
            brought_in(other, file)
        undo(other, set(both))
        assert told(other).unlike(told(rich)) == []


def test_everything_can_be_taken_back(rich: Store, tmp_path: Path) -> None:
    undo(rich, set(range(1, 6)))
    assert_as_if_never(rich, 1, 2, 3, 4, 5, folder=tmp_path)
    now = everything(rich)
    assert now["codes"] == now["transactions"] == now["changes"] == now["warnings"] == []
    assert len(now["imports"]) == 5  # the history stays
    again = brought_in(rich, RICH[0])
    assert (again.import_id, counts(again)) == (6, (3, 0, 0, 0))


def test_what_is_taken_back_twice_is_taken_back_once(rich: Store) -> None:
    undo(rich, {3})
    before = everything(rich)
    undo(rich, {3})
    assert everything(rich) == before


def test_taking_back_what_never_was_changes_nothing(rich: Store) -> None:
    before = everything(rich)
    undo(rich, {99})
    assert everything(rich) == before


def test_an_import_that_was_taken_back_can_come_again(rich: Store) -> None:
    undo(rich, {3})
    brought_in(rich, RICH[2])
    ledger = Ledger((*RICH, RICH[2]), frozenset({3}))
    assert told(rich).unlike(ledger.state()) == []


def test_taking_back_keeps_when_the_others_came_and_says_when_it_was_done(rich: Store) -> None:
    asked = "select import_id, imported_at, undone_at is not null from vouchers.imports"
    with rich.cursor() as cursor:
        before = dict(cursor.execute(asked).df()[["import_id", "imported_at"]].values)
        undo(rich, {2})
        after = cursor.execute(asked + " order by all").fetchall()
    assert [(number, at, number == 2) for number, at in before.items()] == after


def test_taking_back_tells_how_far_it_is_and_shows_as_another_version(rich: Store) -> None:
    before, shares = rich.version, list[float]()
    undo(rich, {1}, lambda share, doing: shares.append(share))
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert rich.version != before


def test_an_import_that_ends_while_another_is_taken_back_is_not_lost(
    rich: Store, tmp_path: Path
) -> None:
    late = File("late.csv", Made("codes", [code("L1"), code("A1", quantity="4")], MAY))
    undoing: list[threading.Thread] = []

    def progress(share: float, doing: str) -> None:
        if doing == "Storing" and not undoing:
            undoing.append(threading.Thread(target=undo, args=(rich, {2})))
            undoing[0].start()
            undoing[0].join(0.3)  # it waits for this import to end

    load(rich, late.write(tmp_path), late.made.scope, progress=progress)
    undoing[0].join()
    ledger = Ledger((*RICH, late), frozenset({2}))
    assert told(rich).unlike(ledger.state()) == []


def test_two_imports_that_are_taken_back_at_the_same_time_are_both_taken_back(
    rich: Store,
) -> None:
    undoing = [threading.Thread(target=undo, args=(rich, {number})) for number in (2, 4)]
    with rich.writing():
        for thread in undoing:
            thread.start()
        for thread in undoing:
            thread.join(0.3)  # they wait for this writer to end
    for thread in undoing:
        thread.join()
    assert told(rich).unlike(Ledger(tuple(RICH), frozenset({2, 4})).state()) == []


# The sample.


def test_clearing_the_sample_leaves_what_was_taken_back_taken_back(
    store: Store, tmp_path: Path
) -> None:
    load(store, codes_file(tmp_path / "sample.csv", code("S1"), code("A1")), is_sample=True)
    wrong = brought(store, tmp_path / "1.csv", code("W1"), code("A1", quantity="9"))
    brought(store, tmp_path / "2.csv", code("A1"))
    undo(store, {wrong.import_id})
    clear_sample(store)
    assert [row[0] for row in stored(store, "codes")] == ["A1"]
    assert [row[0] for row in stored(store, "imports")] == ["1.csv", "2.csv"]
    before = everything(store)
    clear_sample(store)
    assert everything(store) == before
    with contextlib.closing(rebuild(store.originals, tmp_path / "new.duckdb")) as rebuilt:
        assert everything(rebuilt) == before


def test_an_import_after_the_sample_was_cleared_gets_a_number_of_its_own(
    store: Store, tmp_path: Path
) -> None:
    load(store, codes_file(tmp_path / "sample.csv", code("S1")), is_sample=True)
    clear_sample(store)
    done = brought(store, tmp_path / "1.csv", code("A1"))
    assert done.import_id == 2
    assert changes(store, done) == {"new codes": email("A1")}
    with store.cursor() as cursor:
        assert list(run(cursor, "imports", Filters(), NOW)["file"]) == ["1.csv"]
    undo(store, {done.import_id})
    assert stored(store, "codes") == []


# The originals.

DRESSED = {
    "the documented format": ("utf-8", csv_bytes([CODES, code("A1", "Café")])),
    "Windows line ends and a mark": (
        "utf-8",
        csv_bytes([CODES, code("A1", "Café")], line_end="\r\n", mark=True, quote_all=True),
    ),
    "Windows-1252": (
        "windows-1252",
        csv_bytes([CODES, code("A1", "Café €")]).decode().encode("windows-1252"),
    ),
    "blank lines and no end": ("utf-8", csv_bytes([CODES, code("A1")]) + b"\n\n"),
    "transactions": ("utf-8", csv_bytes([TRANSACTIONS, transaction(1, "A1")]).rstrip()),
}


@pytest.mark.parametrize("dress", DRESSED)
def test_an_original_is_kept_byte_for_byte_under_its_sha256(
    store: Store, tmp_path: Path, dress: str
) -> None:
    encoding, content = DRESSED[dress]
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    load(store, path, encoding=encoding)
    (kept,) = store.originals.glob("*.zst")
    digest = hashlib.sha256(content).hexdigest()
    assert kept.name == f"{digest}.csv.zst"
    assert zstd.decompress(kept.read_bytes()) == content
    with store.cursor() as cursor:
        cursor.execute("select sha256, bytes, encoding from vouchers.imports")
        assert cursor.fetchall() == [(digest, len(content), encoding)]


def test_the_same_file_is_kept_once(store: Store, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        brought(store, tmp_path / name, code("A1"))
    assert len(list(store.originals.glob("*.zst"))) == 1


def test_nothing_of_a_refused_file_is_kept(store: Store, tmp_path: Path) -> None:
    for name, rows in (("a.csv", [code("A1"), code("")]), ("b.csv", [code("A1", start="x")])):
        with pytest.raises(Refused):
            brought(store, tmp_path / name, *rows)
    assert list(store.originals.glob("*.zst")) == []


def test_nothing_of_a_stopped_import_is_kept(store: Store, tmp_path: Path) -> None:
    stop = Stop()
    path = codes_file(tmp_path / "a.csv", code("A1"))

    def press(share: float, doing: str) -> None:
        if doing == "Storing":
            stop.press()

    with pytest.raises(Stopped):
        load(store, path, stop=stop, progress=press)
    assert stored(store, "codes") == stored(store, "imports") == []
    assert list(store.originals.glob("*.zst")) == []


def test_a_stopped_import_of_a_known_file_leaves_that_ones_original_alone(
    store: Store, tmp_path: Path
) -> None:
    first = brought(store, tmp_path / "a.csv", code("A1"))
    second = brought(store, tmp_path / "b.csv", code("B1"))
    stop = Stop()

    def press(share: float, doing: str) -> None:
        if doing == "Storing":
            stop.press()

    with pytest.raises(Stopped):
        load(store, tmp_path / "a.csv", stop=stop, progress=press)
    undo(store, {second.import_id})
    assert first.import_id == 1
    assert [row[0] for row in stored(store, "codes")] == ["A1"]


def original_of(store: Store, number: int) -> Path:
    with store.cursor() as cursor:
        cursor.execute("select sha256 from vouchers.imports where import_id = ?", [number])
        ((digest,),) = cursor.fetchall()
    return store.originals / f"{digest}.csv.zst"


DAMAGE = ["gone", "empty", "cut", "altered", "another file", "not compressed"]


def damage(original: Path, how: str) -> None:
    content = original.read_bytes()
    if how == "gone":
        original.unlink()
        return
    flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
    original.write_bytes(
        {
            "empty": b"",
            "cut": content[: len(content) // 2],
            "altered": flipped,
            "another file": zstd.compress(csv_bytes([CODES, code("QZ7")])),
            "not compressed": csv_bytes([CODES, code("QZ7")]),
        }[how]
    )


@pytest.mark.parametrize("how", DAMAGE)
def test_without_a_sound_original_taking_back_refuses_and_changes_nothing(
    rich: Store, how: str
) -> None:
    before = everything(rich)
    damage(original_of(rich, 3), how)
    with pytest.raises(Refused) as refused:
        undo(rich, {1})
    assert "original" in str(refused.value)
    assert rich.originals.name in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "QZ7" not in str(refused.value)
    assert everything(rich) == before
    assert list(rich.scratch.iterdir()) == []


def test_an_import_whose_own_original_is_gone_can_still_be_taken_back(
    rich: Store, tmp_path: Path
) -> None:
    original_of(rich, 3).unlink()
    undo(rich, {3})
    assert told(rich).unlike(Ledger(tuple(RICH), frozenset({3})).state()) == []


# A store made anew.


def test_a_deleted_store_is_made_again_with_its_history(
    rich: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    undo(rich, {4})
    before = everything(rich)
    rich.close()
    rich.path.unlink()
    assert rebuilding.main(["--store", str(rich.path)]) == 0
    assert rich.path.name in capsys.readouterr().out
    with contextlib.closing(Store(rich.path)) as made:
        assert everything(made) == before
        undo(made, {1})  # it finds its originals
        assert told(made).unlike(Ledger(tuple(RICH), frozenset({1, 4})).state()) == []


def test_a_damaged_store_is_made_again_and_stays_beside_the_new_one(rich: Store) -> None:
    before = everything(rich)
    rich.close()
    rich.path.write_bytes(b"damaged" * 1000)
    assert rebuilding.main(["--store", str(rich.path)]) == 0
    with contextlib.closing(Store(rich.path)) as made:
        assert everything(made) == before
    (kept,) = rich.path.parent.glob("vouchers.duckdb.before*")
    assert kept.read_bytes() == b"damaged" * 1000


@pytest.mark.parametrize("how", DAMAGE)
def test_a_store_is_not_made_again_from_unsound_originals(
    rich: Store, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    before = everything(rich)
    damage(original_of(rich, 2), how)
    rich.close()
    beside = sorted(path.name for path in rich.path.parent.iterdir())
    assert rebuilding.main(["--store", str(rich.path)]) == 1
    said = capsys.readouterr().err
    assert "original" in said
    assert "Traceback" not in said
    left = {path.name for path in rich.path.parent.iterdir()} - {*beside}
    assert not [name for name in left if name.endswith(("rebuilt", "wal"))]
    with contextlib.closing(Store(rich.path)) as same:
        assert everything(same) == before


@pytest.mark.parametrize("content", [None, b"", b"[", b"not a list"])
def test_without_a_list_of_imports_no_store_is_made(
    rich: Store, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    manifest = rich.originals / "imports.json"
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    before = everything(rich)
    rich.close()
    assert rebuilding.main(["--store", str(rich.path)]) == 1
    assert "imports.json" in capsys.readouterr().err
    with contextlib.closing(Store(rich.path)) as same:
        assert everything(same) == before


def test_another_store_that_is_there_is_never_harmed_by_a_rebuild_that_fails(
    rich: Store, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "theirs.duckdb"
    with contextlib.closing(Store(other)) as theirs:
        brought(theirs, tmp_path / "theirs.csv", code("T1"))
        before = everything(theirs)
    original_of(rich, 2).unlink()
    rich.close()
    assert rebuilding.main(["--store", str(rich.path), "-o", str(other)]) == 1
    assert other.exists()
    with contextlib.closing(Store(other)) as theirs:
        assert everything(theirs) == before


def test_another_store_that_is_there_is_never_mixed_with_a_rebuilt_one(
    rich: Store, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "theirs.duckdb"
    with contextlib.closing(Store(other)) as theirs:
        brought(theirs, tmp_path / "theirs.csv", code("T1"))
        before = everything(theirs)
    made = everything(rich)
    rich.close()
    done = rebuilding.main(["--store", str(rich.path), "-o", str(other)])
    with contextlib.closing(Store(other)) as now:
        assert everything(now) == (before if done else made)


KILLED = """
import os, signal, sys
from data import command, manifest, store

class Stored(store.Store):
    def __init__(self, path):
        super().__init__(path)
        manifest.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)

command.Store = Stored
command.main(sys.argv[1:])
"""


def test_a_finished_import_is_made_again_although_its_process_was_killed_right_after(
    rich: Store, tmp_path: Path
) -> None:
    rich.close()
    late = codes_file(tmp_path / "late.csv", code("L1"))
    arguments = [sys.executable, "-c", KILLED, "--store", str(rich.path), str(late)]
    killed = subprocess.run(arguments, cwd=ROOT, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with contextlib.closing(Store(rich.path)) as store:  # the next start
        before = everything(store)
        assert len(before["imports"]) == 6
    rich.path.unlink()
    assert rebuilding.main(["--store", str(rich.path)]) == 0
    with contextlib.closing(Store(rich.path)) as made:
        assert everything(made) == before


# A copy.


def test_a_copy_is_equal_and_leaves_the_store_as_it_is(rich: Store, tmp_path: Path) -> None:
    before = everything(rich)
    backup(rich, tmp_path / "copy.duckdb")
    assert everything(rich) == before
    with contextlib.closing(Store(tmp_path / "copy.duckdb")) as copy:
        assert everything(copy) == before
        assert_sound(copy)
    assert not list(tmp_path.glob("*.part*"))


def test_a_copy_made_during_an_import_holds_the_old_state(rich: Store, tmp_path: Path) -> None:
    before = everything(rich)
    copies: list[Path] = []

    def progress(share: float, doing: str) -> None:
        if doing == "Storing":
            copies.append(tmp_path / f"copy{len(copies)}.duckdb")
            backup(rich, copies[-1])

    load(rich, codes_file(tmp_path / "a.csv", code("L1")), progress=progress)
    with contextlib.closing(Store(copies[0])) as copy:
        assert everything(copy) == before


def test_a_copy_never_replaces_a_file(rich: Store, tmp_path: Path) -> None:
    target = tmp_path / "holiday.duckdb"
    target.write_bytes(b"precious")
    with pytest.raises(NotCopied, match=r"holiday\.duckdb"):
        backup(rich, target)
    assert target.read_bytes() == b"precious"


# The inbox.


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox of the test's own."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    monkeypatch.setenv("VOUCHERS_INBOX", str(folder))
    return folder


def command_line(store: Path, *arguments: str) -> int:
    return command.main(["--store", str(store), *arguments])


def test_the_inbox_lies_beside_the_data_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOUCHERS_INBOX", raising=False)
    assert inbox_folder() == DATA / "inbox"
    monkeypatch.setenv("VOUCHERS_INBOX", "/somewhere/else")
    assert inbox_folder() == Path("/somewhere/else")
    assert inbox.files() == []


def test_the_inbox_offers_its_csv_files_by_name(box: Path) -> None:
    for name in ("b.csv", "A.CSV", "c.txt", "d.csv.part"):
        (box / name).write_bytes(b"x")
    (box / "imported").mkdir()
    (box / "imported" / "old.csv").write_bytes(b"x")
    (box / "folder.csv").mkdir()
    assert [path.name for path in inbox.files()] == ["A.CSV", "b.csv"]


def test_the_command_imports_what_waits_in_the_inbox_and_puts_it_away(
    box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = [codes_file(box / "a.csv", code("A1")).read_bytes(),
                codes_file(box / "b.csv", code("B1")).read_bytes()]  # fmt: skip
    assert command_line(tmp_path / "s.duckdb", "--inbox", "--folder", "May", "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [Path(row["file"]).name for row in files] == ["a.csv", "b.csv"]
    assert inbox.files() == []
    assert [path.read_bytes() for path in sorted((box / "imported").iterdir())] == contents
    with contextlib.closing(Store(tmp_path / "s.duckdb")) as store:
        assert [row[:2] for row in stored(store, "codes")] == [("A1", "May"), ("B1", "May")]


def test_a_refused_file_stays_in_the_inbox(
    box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes_file(box / "a.csv", code("A1"), code(""))
    codes_file(box / "b.csv", code("B1"))
    assert command_line(tmp_path / "s.duckdb", "--inbox") == 1
    said = capsys.readouterr()
    assert "a.csv: line 3" in said.err
    assert "b.csv: 1 codes" in said.out
    assert [path.name for path in inbox.files()] == ["a.csv"]


@pytest.mark.parametrize("times", [2, 3])
def test_files_of_one_name_are_put_away_side_by_side(box: Path, tmp_path: Path, times: int) -> None:
    for n in range(times):
        codes_file(box / "a.csv", code(f"A{n}"))
        assert command_line(tmp_path / "s.duckdb", "--inbox") == 0
    assert len(list((box / "imported").iterdir())) == times
    assert {path.suffix for path in (box / "imported").iterdir()} == {".csv"}


@pytest.mark.parametrize("is_there", [True, False])
def test_an_empty_inbox_is_no_mistake(box: Path, tmp_path: Path, is_there: bool) -> None:
    if not is_there:
        shutil.rmtree(box)
    assert command_line(tmp_path / "s.duckdb", "--inbox") == 0


def test_the_inbox_can_come_with_files_of_other_places(box: Path, tmp_path: Path) -> None:
    codes_file(box / "a.csv", code("A1"))
    other = codes_file(tmp_path / "b.csv", code("B1"))
    assert command_line(tmp_path / "s.duckdb", "--inbox", str(other)) == 0
    with contextlib.closing(Store(tmp_path / "s.duckdb")) as store:
        assert [row[0] for row in stored(store, "codes")] == ["A1", "B1"]
    assert other.exists()  # only what waited in the inbox is put away
    assert not (tmp_path / "imported").exists()


def test_the_command_says_what_is_odd_without_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = codes_file(tmp_path / "a.csv", code("QZ7 A", quantity=""), code("qz7 a"))
    assert command_line(tmp_path / "s.duckdb", str(path)) == 0
    said = capsys.readouterr()
    assert "a.csv: note: 1 code without a quantity" in said.err
    assert "line 2" in said.err.lower()
    assert "qz7" not in (said.err + said.out).lower()
