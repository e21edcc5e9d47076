"""Excel and Parquet: every code, zero and date as it was, and nothing that runs as a formula."""

import csv
import io
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.store.database import Store
from pages.parts import tables
from queries import export
from queries.downloading import formats
from queries.engine.totals import run
from tests.test_export import AWKWARD, as_documented, loaded_text
from tests.test_numbers import HEADERS, NOW, Chain, Code, Scan, filters_of

FURTHER = ["Status", "Folder", "Batch", "Prefix", "Scans", "First_Redemption"]
DATES = {"Start_Date", "Expiry_Date", "Redemption_Time", "Time", "First_Redemption"}
NUMBERS = {"Aztec_Redemption_Quantity", "Scans"}
AWKWARD_IN_EXCEL = [
    *AWKWARD,
    *("0", "007", "-0", "1.50", "1,5", "12345678901234567890123", "1E400", "0x1F", "½"),
    *("=1+1", "+x", "@x", "-x", "{=1+1}", "'=1+1", "\t=1+1", "=cmd|' /C calc'!A0", "+44 20"),
    *(
        "http://example.org/a?b=c&d",
        "mailto:a@example.org",
        "internal:Sheet1!A1",
        "external:x.xlsx",
    ),
    *("2016-01-01", "1/2", "12:30", "FALSE", "#N/A", "#REF!", "<b>&amp;</b>", "]]>", "a\nb\nc"),
    *("_x0041_", "_x000D_", "_x00e9_", "_xD83D_", "\x01", "a\x08b", "\x1f\x7f"),
    *("a\x0cb\x1b", "\ufffe", "\uffff", "a\ufeffb", "\u202e\u200b", "  two  ", "x" * 2000),
]
Sheet = list[list[Any]]


def file_of(store: Store, kind: str, form: str, query: str = "") -> Path:
    """A download as a file."""
    file = store.scratch / f"written-{kind}.{form}"
    with store.cursor() as cursor:
        rows = export.write(cursor, kind, filters_of(query), NOW, file, form)
    assert rows >= 0
    return file


def unescaped(text: str) -> str:
    """What Excel shows: it writes a character that XML has no place for as _xHHHH_."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def sheets_of(file: Path) -> list[Sheet]:
    """The sheets of a workbook, header first; looks at the type of each cell."""
    book = openpyxl.load_workbook(file)
    sheets = []
    for sheet in book.worksheets:
        names = [cell.value for cell in sheet[1]]
        assert all(cell.font.bold and cell.data_type in ("s", "inlineStr") for cell in sheet[1])
        rows: Sheet = [names]
        for cells in sheet.iter_rows(min_row=2):
            rows.append([value_of(name, cell) for name, cell in zip(names, cells, strict=True)])
        sheets.append(rows)
    return sheets


def value_of(name: str, cell: Any) -> Any:  # noqa: ANN401 - untyped library
    if cell.value is None:
        return None
    assert cell.hyperlink is None
    if name in DATES:
        assert (cell.data_type, cell.is_date) == ("d", True), name
        return cell.value
    if name in NUMBERS:
        assert cell.data_type == "n", name
        return cell.value
    assert cell.data_type in ("s", "inlineStr"), name
    return unescaped(cell.value)


def typed(name: str, text: str) -> str | int | datetime | None:
    """What a field of the documented CSV means."""
    if not text:
        return None
    if name in DATES:
        form = "%d/%m/%Y %H:%M:%S" if text.count(":") == 2 else "%d/%m/%Y %H:%M"
        return datetime.strptime(text, form)
    return int(text) if name in NUMBERS else text


def expected_rows(kind: str, rows: Sequence[Sequence[str]]) -> Sheet:
    """Rows of a file as typed values, header first."""
    names = HEADERS[kind].split(",")
    return [names, *([typed(n, text) for n, text in zip(names, r, strict=True)] for r in rows)]


def rows_of_csv(store: Store, kind: str, query: str = "") -> Sheet:
    """The CSV download as typed values, header first."""
    text = file_of(store, kind, "csv", query).read_text("utf-8")
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    return [names, *([typed(n, t) for n, t in zip(names, row, strict=True)] for row in rows)]


def rows_of_parquet(file: Path) -> Sheet:
    """A Parquet file's rows, header first; yes and no as in the CSV."""
    table = pq.read_table(file)
    said = {True: "Yes", False: "No"}
    rows = [list(row.values()) for row in table.to_pylist()]
    return [
        table.schema.names,
        *([said[v] if isinstance(v, bool) else v for v in row] for row in rows),
    ]


@pytest.fixture
def chain(store: Store, tmp_path: Path) -> Chain:
    return Chain(store, tmp_path)


# Excel.


def test_awkward_texts_stand_in_excel_as_they_stood_in_the_file_and_as_text(store: Store) -> None:
    texts = [text for text in AWKWARD_IN_EXCEL if text.strip()]
    codes = [Code(text, f"g{text}", item=text, parent=text) for text in dict.fromkeys(texts)]
    scans = [
        Scan(f"T{text}", "10/01/2016 12:00", f"c{text}", text, text, text, text)
        for text in dict.fromkeys(texts)
    ]
    for kind, rows in (("codes", codes), ("transactions", scans)):
        loaded_text(store, HEADERS[kind] + "\n" + as_documented(*rows))
        (sheet,) = sheets_of(file_of(store, kind, "xlsx"))
        wanted = expected_rows(kind, rows)
        for got, right in zip(sheet, wanted, strict=True):
            assert got == right


def test_dates_stand_in_excel_as_dates_to_the_second(chain: Chain) -> None:
    dates = [
        *("01/01/2016 00:00", "29/02/2016 23:59", "31/12/1999 23:59:59", "01/03/1900 00:00"),
        *("31/12/9999 23:59", "02/04/2016 10:11:12", ""),
    ]
    rows = [Code(f"A{n}", start=text, expiry=text) for n, text in enumerate(dates)]
    chain.load(*rows)
    (sheet,) = sheets_of(file_of(chain.store, "codes", "xlsx"))
    assert sheet == expected_rows("codes", rows)


@pytest.mark.parametrize("text", ["01/01/1900 00:00", "02/01/1900 00:00", "28/02/1900 12:34"])
def test_dates_before_excels_imaginary_leap_day_stand_as_text(chain: Chain, text: str) -> None:
    chain.load(Code("A1", start=text))
    file = file_of(chain.store, "codes", "xlsx")
    assert openpyxl.load_workbook(file).worksheets[0].cell(2, 3).value == text


def test_blanks_are_empty_cells_and_no_zero_and_no_empty_text(chain: Chain) -> None:
    chain.load(Code("A1", "Email", "", "", "", "", "", "", ""))
    sheet = openpyxl.load_workbook(file_of(chain.store, "codes", "xlsx")).active
    assert [cell.value for cell in sheet[2]] == ["A1", "Email", *[None] * 7]


@pytest.mark.parametrize("kind", export.KINDS)
@pytest.mark.parametrize("query", ["", "group=Email", "folder=January 2016&status=redeemed"])
def test_excel_holds_what_the_csv_of_the_fixtures_holds(
    loaded: Store, kind: str, query: str
) -> None:
    (sheet,) = sheets_of(file_of(loaded, kind, "xlsx", query))
    assert sheet == rows_of_csv(loaded, kind, query)
    assert len(sheet) > 1


@pytest.mark.parametrize("kind", export.KINDS)
def test_the_header_is_bold_frozen_and_has_filters_over_all_rows(loaded: Store, kind: str) -> None:
    (sheet,) = openpyxl.load_workbook(file_of(loaded, kind, "xlsx")).worksheets
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for row in sheet.iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize("kind", export.KINDS)
def test_a_filter_that_chooses_nothing_gives_a_sheet_with_the_header_alone(
    loaded: Store, kind: str
) -> None:
    assert sheets_of(file_of(loaded, kind, "xlsx", "group=nobody")) == [
        [HEADERS[kind].split(",")]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("most", "sizes"), [(5, [5, 5, 5, 3]), (9, [9, 9]), (18, [18]), (1, [1] * 18)]
)
def test_more_rows_than_a_sheet_takes_go_on_in_the_next_each_with_its_header(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, most: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(formats, "EXCEL_ROWS", most)
    file = file_of(loaded, "codes", "xlsx")
    sheets = sheets_of(file)
    whole = rows_of_csv(loaded, "codes")
    assert [len(sheet) - 1 for sheet in sheets] == sizes
    assert all(sheet[0] == whole[0] for sheet in sheets)
    assert [row for sheet in sheets for row in sheet[1:]] == whole[1:]
    for sheet, size in zip(openpyxl.load_workbook(file).worksheets, sizes, strict=True):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:I{size + 1}"


def test_a_sheet_takes_as_many_rows_as_excel_does_with_the_header() -> None:
    assert formats.EXCEL_ROWS == 1_048_576 - 1


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_the_same_rows_give_the_same_bytes_seconds_later_too(loaded: Store, form: str) -> None:
    first = {kind: file_of(loaded, kind, form).read_bytes() for kind in export.KINDS}
    some = file_of(loaded, "codes", form, "group=Email&group=SMS").read_bytes()
    time.sleep(2.1)  # a zip archive counts in steps of two seconds
    assert {kind: file_of(loaded, kind, form).read_bytes() for kind in export.KINDS} == first
    assert file_of(loaded, "codes", form, "group=SMS&group=Email").read_bytes() == some


def test_a_text_too_long_for_a_cell_is_refused_and_never_cut(chain: Chain) -> None:
    chain.load(Code("A1", parent="y" * 32_767))
    (sheet,) = sheets_of(file_of(chain.store, "codes", "xlsx"))
    assert sheet[1][7] == "y" * 32_767
    chain.load(Code("A2", parent="y" * 32_768))
    spool = export.Spool(chain.store.cursor(), "codes", filters_of(""), NOW,
                         chain.store.scratch, "xlsx")  # fmt: skip
    with pytest.raises(export.Failed) as failed:
        spool.chunk()
    spool.close()
    assert "32,767" in str(failed.value)
    assert "yy" not in str(failed.value)
    left = [file.name for file in chain.store.scratch.iterdir()]
    assert sorted(left) == ["written-codes.xlsx"]


# Parquet.


@pytest.mark.parametrize("kind", [*export.KINDS, "codes_more"])
@pytest.mark.parametrize("query", ["", "group=Email", "group=nobody"])
def test_parquet_holds_what_the_csv_of_the_fixtures_holds(
    loaded: Store, kind: str, query: str
) -> None:
    assert rows_of_parquet(file_of(loaded, kind, "parquet", query)) == rows_of_csv(
        loaded, kind, query
    )


@pytest.mark.parametrize("query", ["", "group=nobody"])
def test_parquet_has_types(loaded: Store, query: str) -> None:
    for kind in export.KINDS:
        for field in pq.read_schema(file_of(loaded, kind, "parquet", query)):
            if field.name in DATES:
                assert pa.types.is_timestamp(field.type), field
            elif field.name in NUMBERS:
                assert pa.types.is_integer(field.type), field
            elif field.name in ("Cancelled", "Code Deleted"):
                assert pa.types.is_boolean(field.type), field
            else:
                assert pa.types.is_string(field.type), field


def test_awkward_texts_stand_in_parquet_as_they_stood_in_the_file(store: Store) -> None:
    texts = [text for text in dict.fromkeys(AWKWARD_IN_EXCEL) if text.strip()]
    rows = [Code(text, f"g{text}", item=text, parent=text) for text in texts]
    loaded_text(store, HEADERS["codes"] + "\n" + as_documented(*rows))
    assert rows_of_parquet(file_of(store, "codes", "parquet")) == expected_rows("codes", rows)


# Further columns.


@pytest.mark.parametrize("form", export.FORMATS)
def test_further_columns_stand_behind_the_nine_which_stay_as_they_are(
    loaded: Store, form: str
) -> None:
    def rows(kind: str) -> Sheet:
        if form == "csv":
            return rows_of_csv(loaded, kind)
        file = file_of(loaded, kind, form)
        return rows_of_parquet(file) if form == "parquet" else sheets_of(file)[0]

    plain, more = rows("codes"), rows("codes_more")
    assert more[0] == [*plain[0], *FURTHER]
    assert [row[:9] for row in more] == plain
    assert plain[0] == HEADERS["codes"].split(",")


@pytest.mark.parametrize("form", export.FORMATS)
def test_further_columns_say_what_is_known_of_a_code(chain: Chain, form: str) -> None:
    chain.load(Code("A1"), Code("A2"), folder="May", batch="007", prefix="A")
    chain.load(Code("A3"))
    for number, time_ in enumerate(("10/01/2016 12:00:05", "11/01/2016 12:00")):
        chain.load(Scan(f"T{number}", time_, "A1"))
    file = file_of(chain.store, "codes_more", form)
    rows = (
        rows_of_csv(chain.store, "codes_more") if form == "csv"
        else rows_of_parquet(file) if form == "parquet" else sheets_of(file)[0]
    )  # fmt: skip
    assert [row[9:] for row in rows[1:]] == [
        ["redeemed", "May", "007", "A", 2, datetime(2016, 1, 10, 12, 0, 5)],
        ["active", "May", "007", "A", 0, None],
        ["active", None, None, None, 0, None],
    ]


# Tables of charts.


AS_SHOWN = pd.DataFrame(
    {
        "Group": ["=1+1", "007", 'a "b", c', "\n", "a\rb", None],
        "Period from": [*[datetime(2016, 1, 8, 13)] * 5, None],
        "Net redemptions": [1, 2, 3, 0, 5, 6],
        "Redemption rate": [0.5, 1 / 3, 0.0, 1.0, None, 2 / 3],
        "Whole": ["Yes", "No", "Yes", "Yes", "No", "No"],
    }
)


def rows_of(table: pd.DataFrame) -> Sheet:
    """A table's rows, header first, nothing for what is missing."""
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return [list(table.columns), *rows]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[pd.DataFrame], Any]:
    def opened(table: pd.DataFrame) -> Any:  # noqa: ANN401 - untyped library
        file = tmp_path / "table.xlsx"
        file.write_bytes(formats.written(table, "xlsx"))
        (sheet,) = openpyxl.load_workbook(file).worksheets
        return sheet

    return opened


def test_a_charts_table_stands_in_excel_with_its_types(
    workbook: Callable[[pd.DataFrame], Any],
) -> None:
    sheet = workbook(AS_SHOWN)
    assert [
        [unescaped(v) if isinstance(v, str) else v for v in row]
        for row in sheet.iter_rows(values_only=True)
    ] == rows_of(AS_SHOWN)
    assert [cell.data_type in ("s", "inlineStr") for cell in sheet[2]] == [
        *(True, False, False, False, True)
    ]  # fmt: skip
    assert [cell.number_format for cell in sheet[2]][1:4] == [
        *("dd/mm/yyyy hh:mm", "General", "0.0%")
    ]  # fmt: skip


def test_a_charts_table_has_its_header_frozen_with_filters_and_wide_enough(
    workbook: Callable[[pd.DataFrame], Any],
) -> None:
    sheet = workbook(AS_SHOWN)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E7"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["C"].width > len("Net redemptions") + 3


def test_a_charts_table_stands_in_parquet_with_its_types() -> None:
    table = pq.read_table(io.BytesIO(formats.written(AS_SHOWN, "parquet")))
    assert [list(row.values()) for row in table.to_pylist()] == rows_of(AS_SHOWN)[1:]
    assert [str(field.type).removeprefix("large_") for field in table.schema] == [
        *("string", "timestamp[us]", "int64", "double", "string")
    ]  # fmt: skip
    assert table.schema.metadata is None


def test_a_charts_table_stands_in_csv_as_the_rows_of_a_download_do() -> None:
    text = formats.written(AS_SHOWN, "csv").decode()
    assert text.startswith("Group,Period from,Net redemptions,Redemption rate,Whole\n")
    assert "\n=1+1,08/01/2016 13:00,1,0.5,Yes\n" in text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    read = [(row[0] or None, float(row[3]) if row[3] else None) for row in rows[1:]]
    assert read == [(row[0], row[3]) for row in rows_of(AS_SHOWN)[1:]]
    assert text.endswith("\n,,6,0.6666666666666666,No\n")


@pytest.mark.parametrize("form", export.FORMATS)
def test_a_table_without_a_row_is_a_file_with_the_header_alone(form: str) -> None:
    empty = pd.DataFrame({"Site": [], "Net redemptions": []}, dtype=object)
    content = formats.written(empty, form)
    if form == "csv":
        assert content == b"Site,Net redemptions\n"
    elif form == "parquet":
        assert pq.read_table(io.BytesIO(content)).shape == (0, 2)
    else:
        (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        assert list(sheet.values) == [("Site", "Net redemptions")]


def test_of_what_charts_show_only_rates_are_fractions(loaded: Store) -> None:
    values = {"grain": "day", "offset": 0, "most": 50}
    by = {"cancellations_by_site": ("site", "Site"), "cancellations_by_group": ("group_name", "G"),
          "cancellations_by_campaign": ("campaign", "Campaign")}  # fmt: skip
    names = ("over_time", "uptake_by_group", "by_site", "weekday_hour", "status", "batches", *by)
    fractions = set()
    with loaded.cursor() as cursor:
        for name in names:
            found = run(cursor, name, filters_of(""), NOW, **values)
            make = tables.cancellations if name in by else getattr(tables, name)
            fractions |= set(make(found, *by.get(name, ())).select_dtypes("float"))
    assert fractions == {"Redemption rate", "Cancellation rate", "Share"}
