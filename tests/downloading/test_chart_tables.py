"""The tables of charts as files."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.store.database import Store
from pages.charts.by_site import BY_SITE
from pages.charts.cancellations import cancellations_by
from pages.charts.over_time import over_time
from pages.charts.over_time_split import over_time_split
from pages.charts.rate_within_days import rate_within_days
from pages.charts.redemption_curves import redemption_curves
from pages.charts.status import STATUS
from pages.charts.uptake_by_group import UPTAKE_BY_GROUP
from pages.charts.weekday_hour import WEEKDAY_HOUR
from pages.tables import batches
from queries.downloading.formats import FORMATS
from queries.downloading.write import write_table
from queries.engine.totals import run
from tests.support.queries import NOW, filters_of
from tests.support.read_back import Sheet, unescaped

TABLE = pd.DataFrame(
    {
        "Group": ["=1+1", "007", 'a "b", c', "\n", "a\rb", None],
        "Period from": [*[datetime(2016, 1, 8, 13)] * 5, None],
        "Net redemptions": [1, 2, 3, 0, 5, 6],
        "Redemption rate": [0.5, 1 / 3, 0.0, 1.0, None, 2 / 3],
        "Whole": ["Yes", "No", "Yes", "Yes", "No", "No"],
    }
)


def table_rows(table: pd.DataFrame) -> Sheet:
    """A table's rows, header first, nothing for what is missing."""
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return [list(table.columns), *rows]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[pd.DataFrame], Any]:
    def opened(table: pd.DataFrame) -> Any:  # noqa: ANN401 - untyped library
        file = tmp_path / "table.xlsx"
        file.write_bytes(write_table(table, "xlsx"))
        (sheet,) = openpyxl.load_workbook(file).worksheets
        return sheet

    return opened


def test_a_charts_table_is_written_to_excel_with_its_types(
    workbook: Callable[[pd.DataFrame], Any],
) -> None:
    sheet = workbook(TABLE)
    assert [
        [unescaped(v) if isinstance(v, str) else v for v in row]
        for row in sheet.iter_rows(values_only=True)
    ] == table_rows(TABLE)
    assert [cell.data_type in ("s", "inlineStr") for cell in sheet[2]] == [
        *(True, False, False, False, True)
    ]  # fmt: skip
    assert [cell.number_format for cell in sheet[2]][1:4] == [
        *("dd/mm/yyyy hh:mm", "General", "0.0%")
    ]  # fmt: skip


def test_a_number_with_decimals_is_no_rate(workbook: Callable[[pd.DataFrame], Any]) -> None:
    table = pd.DataFrame({"Days, median": [Decimal("3.2"), None]})
    (_, *cells) = [row[0] for row in workbook(table).iter_rows()]
    assert [(cell.value, cell.number_format) for cell in cells] == [(3.2, "#,##0.00")]
    assert write_table(table, "csv").decode("utf-8-sig").splitlines()[1] == "3.2"


def test_a_charts_table_has_its_header_frozen_with_filters_and_wide_enough(
    workbook: Callable[[pd.DataFrame], Any],
) -> None:
    sheet = workbook(TABLE)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E7"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["C"].width > len("Net redemptions") + 3


def test_a_charts_table_is_written_to_parquet_with_its_types() -> None:
    table = pq.read_table(io.BytesIO(write_table(TABLE, "parquet")))
    assert [list(row.values()) for row in table.to_pylist()] == table_rows(TABLE)[1:]
    assert [str(field.type).removeprefix("large_") for field in table.schema] == [
        *("string", "timestamp[us]", "int64", "double", "string")
    ]  # fmt: skip
    assert table.schema.metadata is None


def test_a_charts_table_is_written_to_csv_as_a_spreadsheet_reads_it() -> None:
    content = write_table(TABLE, "csv")
    assert content.startswith(b"\xef\xbb\xbfGroup,Period from,Net redemptions,")
    text = content.decode("utf-8-sig")
    assert "\n'=1+1,08/01/2016 13:00,1,0.5,Yes\n" in text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    read = [(row[0] or None, float(row[3]) if row[3] else None) for row in rows[1:]]
    expected = [(row[0], row[3]) for row in table_rows(TABLE)[1:]]
    assert read == [("'=1+1", 0.5), *expected[1:]]
    assert text.endswith("\n,,6,0.6666666666666666,No\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_of_a_charts_table_runs_as_a_formula(text: str) -> None:
    table = pd.DataFrame({"Site": [text], "Net redemptions": [-1]})
    rows = list(csv.reader(io.StringIO(write_table(table, "csv").decode("utf-8-sig"), newline="")))
    assert rows[1] == [f"'{text}", "-1"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_without_a_row_is_a_file_with_the_header_alone(form: str) -> None:
    empty = pd.DataFrame({"Site": [], "Net redemptions": []}, dtype=object)
    content = write_table(empty, form)
    if form == "csv":
        assert content == b"\xef\xbb\xbfSite,Net redemptions\n"
    elif form == "parquet":
        assert pq.read_table(io.BytesIO(content)).shape == (0, 2)
    else:
        (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        assert list(sheet.values) == [("Site", "Net redemptions")]


CHARTS = [
    UPTAKE_BY_GROUP,
    BY_SITE,
    WEEKDAY_HOUR,
    STATUS,
    over_time("Over time", "", "day", shows_rate=False),
    *(over_time_split("", "", "week", by, shows_rate=False) for by in ("site", "month")),
    *(cancellations_by(kind) for kind in ("site", "group", "campaign")),
    *(rate_within_days(by, 7) for by in ("batch", "month")),
    *(redemption_curves(by) for by in ("batch", "month")),
]


@pytest.mark.slow
def test_of_what_charts_show_only_rates_are_fractions(loaded: Store) -> None:
    with loaded.cursor() as cursor:
        tables = [
            chart.table(run(cursor, chart.query, filters_of(""), NOW, **chart.values))
            for chart in CHARTS
        ]
        values = {"offset": 0, "most": 50}
        tables.append(batches.table(run(cursor, "batches", filters_of(""), NOW, **values)))
    fractions = {str(name) for table in tables for name in table.select_dtypes("float")}
    assert fractions == {
        *("Redemption rate", "Cancellation rate", "Share", "Rate", "Low", "High"),
        "Rate of live codes",
        *(f"Within {age} days" for age in (7, 14, 28, 90)),
    }
