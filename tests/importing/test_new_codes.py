"""New codes are stored in the file's order, whether or not one of them may be stored already."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from data.store.sql import Cursor, run_script
from tests.support.rows import HEADERS, Code
from tests.support.soundness import assert_sound
from tests.support.stores import counts, import_rows

MANY = 300_000  # rows: more than a thread inserts at once


def many(folder: Path, name: str, prefix: str) -> Path:
    """A file of codes in the opposite order of their texts."""
    path = folder / name
    rows = "".join(f"{prefix}{n:07},Email,,,Item,1,,,\n" for n in reversed(range(MANY)))
    path.write_text(f"{HEADERS['codes']}\n{rows}", "ascii")
    return path


def stored(store: Store) -> list[tuple[str, str, int]]:
    """Group, code and ID of each stored code, in the order of the store."""
    with store.cursor() as cursor:
        return cursor.execute("select group_name, code, code_id from vouchers.codes").fetchall()


def matched(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the scripts that match rows, as they are run from now on."""
    ran: list[str] = []

    def noted(cursor: Cursor, name: str, **values: object) -> list[tuple[Any, ...]]:
        if "/3_" in name:
            ran.append(name.rpartition("/")[2])
        return run_script(cursor, name, **values)

    monkeypatch.setattr("data.importing.apply.run_script", noted)
    return ran


def texts(rows: Iterable[tuple[str, str, int]]) -> list[str]:
    return [code for _, code, _ in rows]


@pytest.mark.slow
def test_many_new_codes_lie_in_the_order_of_their_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = matched(store, monkeypatch)
    for prefix in "BDC":  # the third between the others, where a stored one could be
        load(store, many(tmp_path, f"{prefix}.csv", prefix))
    import_rows(store, tmp_path / "last.csv", Code("B9"), Code("A1"))
    expected = [f"{prefix}{n:07}" for prefix in "BDC" for n in reversed(range(MANY))]
    assert texts(stored(store)) == [*expected, "B9", "A1"]
    assert [number for *_, number in stored(store)] == list(range(1, 3 * MANY + 3))
    assert ran == ["3_add", "3_add", "3_add", "3_match"]
    assert_sound(store)


@pytest.mark.parametrize(
    ("rows", "expected", "script"),
    [
        ([Code("C1")], (1, 0, 0, 0), "3_add"),
        ([Code("A1")], (1, 0, 0, 0), "3_add"),
        ([Code("B3")], (0, 0, 1, 0), "3_match"),
        ([Code("B1")], (0, 0, 1, 0), "3_match"),
        ([Code("B2")], (1, 0, 0, 0), "3_match"),
        ([Code("A1"), Code("C1")], (2, 0, 0, 0), "3_match"),
        ([Code("A1"), Code("B1", parent="P")], (1, 1, 0, 0), "3_match"),
        ([Code("B1", "SMS")], (1, 0, 0, 0), "3_add"),
        ([Code("B3", "SMS"), Code("B1")], (1, 0, 1, 0), "3_match"),
        ([Code("C1"), Code("C1")], (1, 0, 0, 1), "3_add"),
    ],
)
def test_a_code_is_matched_where_it_may_be_stored(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[Code],
    expected: tuple[int, int, int, int],
    script: str,
) -> None:
    import_rows(store, tmp_path / "first.csv", Code("B1"), Code("B3"))
    ran = matched(store, monkeypatch)
    assert counts(import_rows(store, tmp_path / "second.csv", *rows)) == expected
    assert ran == [script]
    assert_sound(store)


def test_a_new_code_has_the_scope_of_its_import(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "first.csv", Code("B1"), scope=Scope("F", "B", "1"))
    import_rows(store, tmp_path / "second.csv", Code("C1"), scope=Scope("G", None, "2"))
    with store.cursor() as cursor:
        rows = cursor.execute("select code, folder, prefix, batch from vouchers.codes").fetchall()
    assert rows == [("B1", "F", "B", "1"), ("C1", "G", None, "2")]
