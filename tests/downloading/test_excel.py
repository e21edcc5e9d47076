"""Excel files: every code, zero and date unchanged, and no formula."""

import time
from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pyarrow as pa
import pytest

from data.store.database import Store
from queries.downloading import formats
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.job import KINDS
from queries.downloading.spool import Spool
from tests.support.awkward import AWKWARD_IN_EXCEL
from tests.support.exports import csv_text, export_file
from tests.support.queries import NOW, filters_of
from tests.support.read_back import expected_rows, read_csv, read_sheets
from tests.support.rows import HEADERS, Code, Transaction
from tests.support.stores import import_text
from tests.support.vouchers import Vouchers


def test_awkward_texts_are_unchanged_in_excel_and_stored_as_text(store: Store) -> None:
    texts = [text for text in AWKWARD_IN_EXCEL if text.strip()]
    codes = [Code(text, f"g{text}", item=text, parent=text) for text in dict.fromkeys(texts)]
    transactions = [
        Transaction(
            f"T{text}",
            f"c{text}",
            text,
            time="10/01/2016 12:00",
            campaign=text,
            campaign_name=text,
            site=text,
        )
        for text in dict.fromkeys(texts)
    ]
    for kind, rows in (("codes", codes), ("transactions", transactions)):
        import_text(store, csv_text(kind, *rows))
        (sheet,) = read_sheets(export_file(store, kind, "xlsx"))
        wanted = expected_rows(kind, rows)
        for got, right in zip(sheet, wanted, strict=True):
            assert got == right


def test_dates_are_dates_in_excel_to_the_second(vouchers: Vouchers) -> None:
    dates = [
        *("01/01/2016 00:00", "29/02/2016 23:59", "31/12/1999 23:59:59", "01/03/1900 00:00"),
        *("31/12/9999 23:59", "02/04/2016 10:11:12", ""),
    ]
    rows = [Code(f"A{n}", start=text, expiry=text) for n, text in enumerate(dates)]
    vouchers.load(*rows)
    (sheet,) = read_sheets(export_file(vouchers.store, "codes", "xlsx"))
    assert sheet == expected_rows("codes", rows)


@pytest.mark.parametrize("text", ["01/01/1900 00:00", "02/01/1900 00:00", "28/02/1900 12:34"])
def test_dates_before_excels_imaginary_leap_day_are_text(vouchers: Vouchers, text: str) -> None:
    vouchers.load(Code("A1", start=text))
    file = export_file(vouchers.store, "codes", "xlsx")
    assert openpyxl.load_workbook(file).worksheets[0].cell(2, 3).value == text


def test_blanks_are_empty_cells_and_no_zero_and_no_empty_text(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", "Email", "", "", "", "", "", "", ""))
    sheet = openpyxl.load_workbook(export_file(vouchers.store, "codes", "xlsx")).active
    assert [cell.value for cell in sheet[2]] == ["A1", "Email", *[None] * 7]


@pytest.mark.parametrize("text", ["x" * 32_767, "🍺" * 16_383 + "x"])
def test_the_longest_text_of_a_cell_is_whole(tmp_path: Path, text: str) -> None:
    assert read_sheets(workbook(tmp_path, "a", text)) == [[["Text"], ["a"], [text]]]


@pytest.mark.parametrize("text", ["x" * 32_768, "🍺" * 16_384, f"<r>{'&' * 10_000}</r>"])
def test_a_longer_text_is_refused_and_not_cut(tmp_path: Path, text: str) -> None:
    for name, texts in (("Text", ["a", text]), (text, ["a"])):
        with pytest.raises(Failed, match="longer than a cell of Excel takes: 32,767 characters"):
            workbook(tmp_path, *texts, name=name)


def test_decimals_are_the_nearest_numbers(tmp_path: Path) -> None:
    texts = ["0.30", "0.60", "1.40", "4512.37", "725093.70"]
    file = workbook(tmp_path, *map(Decimal, texts))
    cells = openpyxl.load_workbook(file).active["A"][1:]
    assert [cell.value for cell in cells] == [float(text) for text in texts]
    assert {cell.number_format for cell in cells} == {"#,##0.00"}


def workbook(folder: Path, *values: object, name: str = "Text") -> Path:
    rows = pa.record_batch({name: list(values)})
    file = folder / "table.xlsx"
    write = FORMATS["xlsx"].write
    assert write
    write(iter([rows.slice(0, 0), rows]), file)
    return file


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "group=Email", "folder=January 2016&status=redeemed"])
def test_excel_holds_what_the_csv_of_the_fixtures_holds(
    loaded: Store, kind: str, query: str
) -> None:
    (sheet,) = read_sheets(export_file(loaded, kind, "xlsx", query))
    assert sheet == read_csv(loaded, kind, query)
    assert len(sheet) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_is_bold_frozen_and_has_filters_over_all_rows(loaded: Store, kind: str) -> None:
    (sheet,) = openpyxl.load_workbook(export_file(loaded, kind, "xlsx")).worksheets
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for row in sheet.iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_that_chooses_nothing_gives_a_sheet_with_the_header_alone(
    loaded: Store, kind: str
) -> None:
    assert read_sheets(export_file(loaded, kind, "xlsx", "group=nobody")) == [
        [HEADERS[kind].split(",")]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("most", "sizes"), [(5, [5, 5, 5, 3]), (9, [9, 9]), (18, [18]), (1, [1] * 18)]
)
def test_more_rows_than_a_sheet_takes_go_on_in_the_next_each_with_its_header(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, most: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(formats, "EXCEL_ROWS", most)
    file = export_file(loaded, "codes", "xlsx")
    sheets = read_sheets(file)
    whole = read_csv(loaded, "codes")
    assert [len(sheet) - 1 for sheet in sheets] == sizes
    assert all(sheet[0] == whole[0] for sheet in sheets)
    assert [row for sheet in sheets for row in sheet[1:]] == whole[1:]
    for sheet, size in zip(openpyxl.load_workbook(file).worksheets, sizes, strict=True):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:I{size + 1}"


def test_a_sheet_takes_as_many_rows_as_excel_does_with_the_header() -> None:
    assert formats.EXCEL_ROWS == 1_048_576 - 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_the_same_rows_give_the_same_bytes_seconds_later_too(loaded: Store, form: str) -> None:
    first = {kind: export_file(loaded, kind, form).read_bytes() for kind in KINDS}
    some = export_file(loaded, "codes", form, "group=Email&group=SMS").read_bytes()
    time.sleep(2.1)  # a zip archive counts in steps of two seconds
    assert {kind: export_file(loaded, kind, form).read_bytes() for kind in KINDS} == first
    assert export_file(loaded, "codes", form, "group=SMS&group=Email").read_bytes() == some


def test_a_text_too_long_for_a_cell_is_refused_and_never_cut(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", parent="y" * 32_767))
    (sheet,) = read_sheets(export_file(vouchers.store, "codes", "xlsx"))
    assert sheet[1][7] == "y" * 32_767
    vouchers.load(Code("A2", parent="y" * 32_768))
    spool = Spool(vouchers.store.cursor(), "codes", filters_of(""), NOW,
                         vouchers.store.scratch, "xlsx")  # fmt: skip
    with pytest.raises(Failed) as failed:
        spool.chunk()
    spool.close()
    assert "32,767" in str(failed.value)
    assert "yy" not in str(failed.value)
    left = [file.name for file in vouchers.store.scratch.iterdir()]
    assert sorted(left) == ["written-codes.xlsx"]
