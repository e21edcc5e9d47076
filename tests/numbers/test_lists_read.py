"""Lists of codes as people have them: text, CSV with any delimiter, Excel. Every cell is text."""

import codecs
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from queries.checking import listing as lists
from queries.checking import workbook
from queries.checking.listing import Listing, NotAList
from queries.checking.reading import read

AWKWARD = ["0012345", "1E5", "TRUE", "=A1", "00000000000000000001", "+1", "1.50", "NULL", "é1"]


def codes(content: bytes | str, column: str | None = None) -> list[str]:
    found: list[str] = listed(content, column).lines["code"].to_pylist()
    return found


def listed(content: bytes | str, column: str | None = None) -> Listing:
    return read(content.encode() if isinstance(content, str) else content, column)


def sheet(*rows: Sequence[Any], texts: bool = True) -> bytes:
    """A workbook with these rows; a text that begins with = is no formula unless `texts` is off."""
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = book.active.cell(number, place, value)
            if texts and isinstance(value, str):
                cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_has_a_code_per_line(line_end: str) -> None:
    found = listed(line_end.join(["A1", "", "  ", "B2", ""]))
    assert found.lines.to_pylist() == [{"line": 1, "code": "A1"}, {"line": 4, "code": "B2"}]
    assert (found.codes, found.column, found.columns) == (2, "", ())


def test_every_cell_stays_as_it_is_written() -> None:
    assert codes("\n".join(AWKWARD)) == AWKWARD
    assert codes("\n".join(f'"{code}"' for code in AWKWARD)) == AWKWARD
    assert codes("Code;Name\n" + "\n".join(f"{code};x" for code in AWKWARD)) == AWKWARD
    assert codes(sheet(["Code"], *([code] for code in AWKWARD))) == AWKWARD
    assert codes(" A1\nB2 \nC\u200b3\nD\u20284") == [" A1", "B2 ", "C\u200b3", "D\u20284"]
    assert codes(f"A1\n{'0' * 1000}") == ["A1", "0" * 1000]


@pytest.mark.parametrize("header", ["Code", "CODES", "voucher_code", " Voucher "])
def test_a_header_above_the_codes_is_none_of_them(header: str) -> None:
    assert listed(f"{header}\nA1\nB2").lines.to_pylist()[0] == {"line": 2, "code": "A1"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_column_of_codes_is_found_by_its_name(delimiter: str) -> None:
    rows = [["Name", "Voucher code", "Amount"], ["A. B.", "XY12", "5"], ["C", '"0Z,9"', "6"]]
    found = listed("\n".join(delimiter.join(row) for row in rows))
    assert found.lines["code"].to_pylist() == ["XY12", "0Z,9"]
    assert (found.column, found.columns) == ("Voucher code", ("Name", "Voucher code", "Amount"))


def test_without_a_name_the_column_that_looks_most_like_codes_is_taken() -> None:
    found = listed("1,Smith,ABCD1234\n2,Jones,ABCD1235\n3,Smith,ABCD1236")
    assert found.lines["code"].to_pylist() == ["ABCD1234", "ABCD1235", "ABCD1236"]
    assert found.column == "Column 3"


def test_another_column_can_be_chosen() -> None:
    text = "Code,Parent_Code\nA1,P1\nA2,P2"
    assert codes(text, "Parent_Code") == ["P1", "P2"]
    with pytest.raises(NotAList, match="no such column"):
        listed(text, "Nothing")


def test_a_codes_file_of_voucher_manager_is_a_list() -> None:
    header = "Code,Group_Name,Start_Date,Expiry_Date"
    assert codes(f"{header}\nA1,Email,01/01/2016 00:00,01/02/2016 00:00\n") == ["A1"]


def test_codes_side_by_side_on_one_line_are_a_list() -> None:
    assert codes("A1; B2;C3\nD4; E5") == ["A1", "B2", "C3", "D4", "E5"]
    assert listed("A1,B2,").lines.to_pylist() == [
        {"line": 1, "code": "A1"},
        {"line": 2, "code": "B2"},
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_file_may_have_any_of_the_usual_encodings(encoding: str) -> None:
    assert codes("Code\né1\n£2".encode(encoding)) == ["é1", "£2"]


def test_a_number_in_a_workbook_is_taken_as_excel_shows_it() -> None:
    book = openpyxl.Workbook()
    for number, value in enumerate([12345, 1.23e19, 12345678901234500000.0, 100000, True, 1.5], 1):
        book.active.cell(number, 1, value)
    book.active.cell(7, 1, 77).number_format = "0000000"
    file = io.BytesIO()
    book.save(file)
    assert codes(file.getvalue()) == [
        *("12345", "1.23E+19", "1.23456789012345E+19", "100000", "TRUE", "1.5", "0000077"),
    ]


def test_what_looks_like_a_formula_and_was_never_computed_is_a_code() -> None:
    assert codes(sheet(["=A1"], ["=SUM(B2)"], ["A1"], texts=False)) == ["=A1", "=SUM(B2)", "A1"]


def test_the_first_sheet_with_cells_and_its_column_of_codes_are_taken() -> None:
    book = openpyxl.Workbook()
    second = book.create_sheet()
    for row in (["Guest", "Code"], ["Ann", "A1"], [None, None], ["Bob", "B2"]):
        second.append(row)
    file = io.BytesIO()
    book.save(file)
    found = listed(file.getvalue())
    assert found.lines.to_pylist() == [{"line": 2, "code": "A1"}, {"line": 4, "code": "B2"}]
    assert (found.column, found.columns) == ("Code", ("Guest", "Code"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no code"),
        (b"Code\n\n", "no code"),
        (b"A1\0B2", "no text"),
        (b"\xd0\xcf\x11\xe0rest", "Save it as .xlsx"),
        (b"PK\x03\x04rest", "cannot be read"),
        (b"A1\n" + b"x" * 1001, "Line 2 has more than 1,000"),
        # By csv's limit of a field, or ours where somebody has raised that one in this process.
        (b"A1,x\n" + b"x" * 200_000 + b",y\n", "ine 2 (on|has)"),
        (b"Code,Name\n" + b"A1,x\n" * 120 + b'"A1,x\nB2,y\n', "line break"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "no text"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence_without_its_text(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(NotAList, match=sentence) as refusal:
        read(content)
    assert "A1" not in str(refusal.value)


def test_a_list_has_a_million_codes_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lists, workbook):
        monkeypatch.setattr(module, "MOST", 2)
    assert codes("Code\nA1\nB2") == ["A1", "B2"]
    for content in (b"A1\nB2\nC3", sheet(["Code"], ["A1"], ["B2"], ["C3"])):
        with pytest.raises(NotAList, match="at most 2 codes"):
            read(content)


def test_a_workbook_that_unpacks_to_too_much_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1000)
    with pytest.raises(NotAList, match="too large"):
        read(sheet(["A1"]))


def altered(sheet_of: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose sheet of one cell, A1, is another text."""
    inside, outside = zipfile.ZipFile(io.BytesIO(sheet(["A1"]))), io.BytesIO()
    with zipfile.ZipFile(outside, "w") as book:
        for part in inside.namelist():
            text = inside.read(part)
            book.writestr(part, sheet_of(text) if part.endswith("sheet1.xml") else text)
    return outside.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_workbook_that_declares_entities_is_not_parsed(encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aa">]>'
    with pytest.raises(NotAList, match="cannot be read"):
        read(altered(lambda text: (bomb + text.decode()).encode(encoding)))


def test_a_workbook_whose_rows_do_not_end_is_not_read() -> None:
    far = b'<row r="2000000"><c r="A2000000"><v>1</v></c></row></sheetData>'
    with pytest.raises(NotAList, match="cannot be read"):
        read(altered(lambda text: without_size(text).replace(b"</sheetData>", far)))


def test_all_rows_of_a_workbook_that_tells_a_wrong_size_are_taken() -> None:
    more = b'<row r="2"><c r="A2" t="inlineStr"><is><t>B2</t></is></c></row></sheetData>'
    assert codes(altered(lambda text: text.replace(b"</sheetData>", more))) == ["A1", "B2"]


def without_size(text: bytes) -> bytes:
    return re.sub(b"<dimension[^>]*>", b"", text)
