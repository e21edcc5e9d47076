"""Codes, redemptions and names that look like others."""

from pathlib import Path

import pytest

from data.store.database import Store
from tests.support.changes import warning_lines, warnings_of
from tests.support.rows import SECRET, Code, Row, Transaction
from tests.support.stores import import_rows

FINE = Code("A0", start="13/01/2016 00:00", expiry="16/02/2016 00:00")


@pytest.mark.parametrize(
    ("known", "new", "kind"),
    [
        (Code("AB1"), Code("ab1"), "near_miss"),
        (Code("AB1"), Code("AB1\u200b"), "near_miss"),
        (Code("AB1\u200b"), Code("AB1"), "near_miss"),
        (Code("AB1"), Code("AB 1"), "near_miss"),
        (Code("AB 1"), Code("\u202aab1"), "near_miss"),
        (Code("AB1"), Code("AB1", "email"), "near_miss"),
        (Code("AB1"), Code("AB1", "Email "), "near_miss"),
        (Code("AB1"), Code("ab1", "SMS"), "near_miss"),
        (Code("AB1"), Code("AB1", "SMS"), "other_group"),
    ],
)
def test_a_new_code_that_looks_like_a_known_one_is_a_near_miss(
    store: Store, tmp_path: Path, known: Code, new: Code, kind: str
) -> None:
    import_rows(store, tmp_path / "a.csv", known)
    done = import_rows(store, tmp_path / "b.csv", FINE, new)
    found = warnings_of(store, done)
    assert {name: found[name][:2] for name in found if name in ("near_miss", "other_group")} == {
        kind: (1, [3])
    }
    again = import_rows(store, tmp_path / "b.csv", FINE, new)
    assert not {"near_miss", "other_group"} & set(warnings_of(store, again))  # no new code


@pytest.mark.parametrize(
    ("rows", "kind", "lines"),
    [
        ([Code("AB1"), Code("AB1\u200b")], "near_miss", [2, 3]),
        ([Code("AB1"), Code("ab1", "SMS")], "near_miss", [2, 3]),
        ([Code("AB1"), FINE, Code("AB1", "email")], "near_miss", [2, 4]),
        ([Code("AB1"), Code("AB1", "SMS")], "other_group", [2, 3]),
        ([Code("AB1"), Code("ab1")], "only_case", [2]),
    ],
)
def test_codes_of_one_file_that_look_alike_are_near_misses(
    store: Store, tmp_path: Path, rows: list[Code], kind: str, lines: list[int]
) -> None:
    found = warnings_of(store, import_rows(store, tmp_path / "a.csv", *rows))
    names = {"near_miss", "other_group", "only_case"} & set(found)
    assert {name: found[name][1] for name in names} == {kind: lines}


def test_codes_that_come_twice_or_differ_are_no_near_misses(store: Store, tmp_path: Path) -> None:
    done = import_rows(store, tmp_path / "a.csv", Code("AB1"), Code("AB1"), Code("AB2"))
    assert not {"near_miss", "other_group", "only_case"} & set(warnings_of(store, done))


@pytest.mark.parametrize(
    ("row", "near"),
    [
        (Transaction(1, "acode1"), True),
        (Transaction(1, "ACODE1", "email"), True),
        (Transaction(1, "ACODE1", "SMS"), True),
        (Transaction(1, "ACODE1", ""), True),
        (Transaction(1, "ACODE1\u200b"), True),
        (Transaction(1, "ACODE1"), False),
        (Transaction(1, "ACODE2"), False),
    ],
)
def test_a_redemption_of_an_unknown_code_that_looks_like_a_known_one_is_a_near_miss(
    store: Store, tmp_path: Path, row: Transaction, near: bool
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("ACODE1"))
    done = import_rows(store, tmp_path / "b.csv", row)
    assert warning_lines(store, done, "near_code") == ((1, [2]) if near else None)


def test_no_near_miss_quotes_a_code(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code(f"{SECRET}1"))
    done = import_rows(store, tmp_path / "b.csv", Code(f"{SECRET}\u200b1"))
    sold = import_rows(store, tmp_path / "c.csv", Transaction(1, f"{SECRET} 1"))
    assert len(done.warnings) > 1
    assert len(sold.warnings) > 1
    assert not [text for text in (*done.warnings, *sold.warnings) if SECRET in text]


ALIKE = [
    ("Email", "email"),
    ("Café", "Cafe\u0301"),
    ("Two for one", "Two  for one"),
    ("A", "A\u200b"),
]


@pytest.mark.parametrize(("known", "new"), ALIKE)
@pytest.mark.parametrize("column", ["Group_Name", "Campaign_ID", "Site_Ref"])
def test_a_name_that_looks_like_a_known_one_is_noted(
    store: Store, tmp_path: Path, column: str, known: str, new: str
) -> None:
    def row(number: int, name: str) -> Transaction:
        group, campaign, site = (
            name if column == each else each for each in ("Group_Name", "Campaign_ID", "Site_Ref")
        )
        return Transaction(number, f"A{number}", group, campaign=campaign, site=site)

    import_rows(store, tmp_path / "a.csv", row(1, known))
    done = import_rows(store, tmp_path / "b.csv", row(2, known), row(3, new), row(4, new))
    assert warnings_of(store, done)["alike_name"] == (2, [3, 4], column)
    again = import_rows(store, tmp_path / "c.csv", row(5, new), row(6, known))
    assert "alike_name" not in warnings_of(store, again)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_groups_of_codes_that_look_alike_are_noted(
    store: Store, tmp_path: Path, one: str, other: str
) -> None:
    done = import_rows(store, tmp_path / "a.csv", Code("A1", one), Code("B1", other), Code("C1"))
    _, lines, column = warnings_of(store, done)["alike_name"]
    assert (lines[:2], column) == ([2, 3], "Group_Name")
    other_file = import_rows(store, tmp_path / "b.csv", Code("D1", f"{other} "))
    assert warnings_of(store, other_file)["alike_name"] == (1, [2], "Group_Name")


def test_names_that_differ_in_a_letter_are_not_noted(store: Store, tmp_path: Path) -> None:
    names = ["Email", "E-mail", "Emails", "Site1", "Site10"]
    done = import_rows(store, tmp_path / "a.csv", *(Code(f"A{n}", n) for n in names))
    assert "alike_name" not in warnings_of(store, done)


@pytest.mark.parametrize(
    ("code", "group", "rows"),
    [
        ("a1", "Email", 1),
        ("A1\u200b", "Email", 1),
        ("A1", "SMS", 1),
        ("A1", "Email", 0),
        ("B1", "Email", 0),
    ],
)
def test_a_code_that_looks_like_that_of_an_earlier_redemption_is_noted(
    store: Store, tmp_path: Path, code: str, group: str, rows: int
) -> None:
    import_rows(store, tmp_path / "t.csv", Transaction(1, "A1"))
    done = import_rows(store, tmp_path / "c.csv", Code("C1"), Code(code, group))
    found = warnings_of(store, done).get("near_redemption")
    assert found == ((1, [3], None) if rows else None)


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        (Transaction("abc-1", "A1"), 1),
        (Transaction("ABC- 1", "A1"), 1),
        (Transaction("abc-1", "A1", time="09/01/2016 10:00"), 0),
        (Transaction("abc-1", "A2"), 0),
        (Transaction("ABC-2", "A1"), 0),
    ],
)
def test_a_redemption_whose_id_looks_like_that_of_a_known_one_is_noted(
    store: Store, tmp_path: Path, second: Row, rows: int
) -> None:
    import_rows(store, tmp_path / "c.csv", Code("A1"), Code("A2"))
    import_rows(store, tmp_path / "a.csv", Transaction("ABC-1", "A1"))
    done = import_rows(store, tmp_path / "b.csv", second)
    found = warnings_of(store, done).get("near_id")
    assert found == ((1, [2], None) if rows else None)
