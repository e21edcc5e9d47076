"""The preview of a file, before it is imported."""

from datetime import datetime
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.preview import preview
from data.store.database import Store
from data.store.errors import Refused
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.stores import counts, stored_rows


def test_a_preview_says_what_a_codes_file_is_and_stores_nothing(
    store: Store, tmp_path: Path
) -> None:
    path = codes_file(
        tmp_path / "upload-x1.csv",
        Code("A1", "SMS", start="03/01/2016 00:00", expiry="01/02/2016 00:00"),
        Code("A2", "SMS", start="04/01/2016 00:00", expiry="01/12/2016 00:00"),
        Code("A3", "Email", start="", expiry="", redeemed="05/01/2016 12:30"),
    )
    seen = preview(store, path)
    assert (seen.kind, seen.rows, seen.groups) == ("codes", 3, ["SMS", "Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 3), datetime(2016, 12, 1))
    assert seen.latest == datetime(2016, 1, 5, 12, 30)
    assert stored_rows(store, "codes") == stored_rows(store, "imports") == []
    assert counts(load(store, path)) == (3, 0, 0, 0)


def test_a_preview_says_what_a_transactions_file_is(store: Store, tmp_path: Path) -> None:
    path = transactions_file(
        tmp_path / "x.csv",
        Transaction(1, "A1", time="09/01/2016 10:00"),
        Transaction(2, "A1", "", time="07/01/2016 10:00"),
        Transaction(3, "A1", time="08/01/2016 10:00"),
    )
    seen = preview(store, path)
    assert (seen.kind, seen.rows, seen.groups) == ("transactions", 3, ["Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 7, 10), datetime(2016, 1, 9, 10))
    assert seen.latest == seen.last
    assert seen.common_prefix == ""


def test_a_preview_refuses_what_the_import_would_refuse(store: Store, tmp_path: Path) -> None:
    path = codes_file(tmp_path / "a.csv", Code("A1"), Code(""))
    with pytest.raises(Refused) as refused:
        preview(store, path)
    assert (refused.value.line, refused.value.column) == (3, "Code")


@pytest.mark.parametrize(
    ("codes", "common_prefix"),
    [
        (["NOV26E8Q", "NOV26EBX", "NOV26E22"], "NOV26E"),
        (["AB1", "AB2"], "AB"),
        (["A1", "A2"], ""),  # too short
        (["AB1", "AB2", "XB1"], ""),  # of some of them only
        (["AB1"], ""),  # a whole code
        (["AB1", "AB12"], ""),
        (["AB1", "AB1"], ""),
        (["AB-1", "AB-2"], "AB"),
        (["A B1", "A B2"], ""),
        (["été1", "été2"], "été"),
        (["00121", "00132"], "001"),
    ],
)
def test_the_beginning_of_codes_is_what_all_of_them_share_and_no_whole_code(
    store: Store, tmp_path: Path, codes: list[str], common_prefix: str
) -> None:
    path = codes_file(tmp_path / "a.csv", *map(Code, codes))
    assert preview(store, path).common_prefix == common_prefix


def test_a_preview_takes_a_hundred_codes_of_a_large_file_and_shows_none_of_them(
    store: Store, tmp_path: Path
) -> None:
    path = codes_file(tmp_path / "a.csv", *(Code(f"QZ7{n:04}") for n in range(1000)))
    seen = preview(store, path)
    assert [row["code"] for row in seen.some_codes] == [f"QZ7{n:04}" for n in range(0, 1000, 10)]
    assert "QZ7000" not in repr(seen).replace(seen.common_prefix, "")
