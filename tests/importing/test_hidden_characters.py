"""Characters that nobody sees, and codes that a program has written as numbers."""

import unicodedata
from pathlib import Path

import pytest

from data.importing.csv_lines import Lines
from data.importing.csv_scan import survey
from data.store.database import Store
from tests.support.changes import warning_lines, warnings_of
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_rows

FINE = Code("A0", start="13/01/2016 00:00", expiry="16/02/2016 00:00")
CHARACTERS = {
    unicodedata.name(each, f"U+{ord(each):04X}").lower(): each
    for each in "\u200b\u200d\u202a\u202c\u2060\ufeff\u00ad\u00a0\u2003\u3000\u2028\t\x01\x7f\x85"
}


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize("place", ["before", "inside", "behind"])
def test_an_invisible_character_is_noted_with_its_line(
    store: Store, tmp_path: Path, character: str, place: str
) -> None:
    hidden = CHARACTERS[character]
    text = {"before": f"{hidden}B1", "inside": f"B{hidden}1", "behind": f"B1{hidden}"}[place]
    done = import_rows(store, tmp_path / "a.csv", FINE, Code(text))
    assert warning_lines(store, done, "hidden_signs") == (1, [3])
    assert survey(tmp_path / "a.csv").may_hide


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (Code("A1", "E\u200bmail"), "Group_Name"),
        (Code("A1", "Email "), "Group_Name"),
        (Code("A1", " Email"), "Group_Name"),
        (Code("A1", item="17\u00a0"), "Aztec_Item_Code"),
        (Code("A1", parent="P1\t"), "Parent_Code"),
        (Transaction("1\u200b", "A1"), "Transaction_ID"),
        (Transaction(1, "A1\u200b"), "Code"),
        (Transaction(1, "A1", "Email "), "Group_Name"),
        (Transaction(1, "A1", campaign="C\u200b1"), "Campaign_ID"),
        (Transaction(1, "A1", campaign_name=" Lunch"), "Campaign_Name"),
        (Transaction(1, "A1", site="Site\u00a01"), "Site_Ref"),
    ],
)
def test_all_key_columns_are_looked_at(store: Store, tmp_path: Path, row: Row, column: str) -> None:
    done = import_rows(store, tmp_path / "a.csv", row)
    assert warnings_of(store, done)["hidden_signs"] == (1, [2], column)
    (sentence,) = (text for text in done.warnings if "nobody sees, or" in text)
    assert column in sentence


def test_letters_marks_and_plain_blanks_hide_nothing(store: Store, tmp_path: Path) -> None:
    names = ["Two words", "Café", "Cafe\u0301", "मुंबई", "コード", "a--b", "£5 – “free”"]
    done = import_rows(store, tmp_path / "a.csv", *(Code(n.replace(" ", ""), n) for n in names))
    assert "hidden_signs" not in warnings_of(store, done)


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("Code,Group\nA1,Two words\n", False),
        ("Code,Group\r\nA1,Two words\r\n", False),
        ("Code,Group\nA1, x\n", True),
        ("Code,Group\nA1 ,x\n", True),
        ("Code,Group\n A1,x\n", True),
        ("Code,Group\nA1,x \n", True),
        ("Code,Group\r\nA1,x \r\n", True),
        ('Code,Group\nA1," x"\n', True),
        ('Code,Group\nA1,"x "\n', True),
        ("Code,Group\nA1,x ", True),
        ("Code,Group\nA1,é\n", True),
        ("Code,Group\nA\t1,x\n", True),
        ("Code,Group\nA\x7f1,x\n", True),
        ('Code,Group\n"A\n1",x\n', True),
    ],
)
def test_the_scan_notices_each_file_that_could_hide_something(
    tmp_path: Path, text: str, hides: bool
) -> None:
    lines = Lines(tmp_path / "a.csv")
    lines.take(text.encode())
    assert lines.may_hide == hides


@pytest.mark.parametrize(
    "hidden", ["\r", "\U000e0100", "\u2065", "\ufff3"], ids=lambda char: f"U+{ord(char):04X}"
)
def test_further_invisible_characters_are_noted(store: Store, tmp_path: Path, hidden: str) -> None:
    done = import_rows(store, tmp_path / "a.csv", FINE, Code(f"B{hidden}1"))
    assert warnings_of(store, done)["hidden_signs"][0] == 1


@pytest.mark.parametrize(
    ("code", "is_noted"),
    [("1.23457e+19", True), ("1.23457E19", True), ("1e+19", True), ("1E5", False), ("1e5", False)],
)
def test_a_code_as_a_program_writes_a_number_is_stored_and_noted(
    store: Store, tmp_path: Path, code: str, is_noted: bool
) -> None:
    for row in (Code(code), Transaction(1, code)):
        done = import_rows(store, tmp_path / "a.csv", row)
        assert done.new == 1
        assert warnings_of(store, done).get("like_numbers") == (
            (1, [2], None) if is_noted else None
        )
