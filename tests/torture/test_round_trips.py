"""Random tables are exported as imported, and change nothing when imported again."""

import os
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.result import ImportResult
from data.store.database import Store
from tests.support.effort import rounds
from tests.support.exports import export_bytes
from tests.support.rows import COLUMNS, Code, Row, Transaction, csv_bytes

TABLES = rounds(120, torture=10_000)
IN_MEMORY = Path("/dev/shm")
BLANKS = " \t\r\n"


@dataclass(frozen=True)
class Dialect:
    """How a file is written: in the documented format unless other values are given."""

    line_end: str = "\n"
    quote_all: bool = False  # what is missing is then an empty text
    mark: bool = False


def is_excel_number(text: str) -> bool:
    """What a spreadsheet makes of a long code, and every import refuses."""
    return re.fullmatch(r"\d([.,]\d+)?E\+\d+", text, re.ASCII) is not None


UNICODE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(
    st.text(UNICODE, min_size=1, max_size=10),
    st.text('",\r\n \t;\'\\|', min_size=1, max_size=6),
    st.text("A1\"\n\r,é", min_size=1, max_size=8),
    st.from_regex(r"0{1,4}[0-9]{1,8}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{39}", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,2})?[eE][+-]?[0-9]{1,3}", fullmatch=True),
    st.from_regex(r"[=+@-][A-Z][0-9]{1,3}(\(\"[a-z]\"\))?", fullmatch=True),
    st.sampled_from(
        ["1E5", "TRUE", "NULL", "null", "NaN", "\\N", "inf", "#1", "#", "''", "\ufeff", "\x1a",
         "-0", "1,000", "01/02/2016", "12:30", "Code", " ", "\t", "Yes", "e\u0301", "🍕🍺"]
    ),
)  # fmt: skip
GIVEN = TEXTS.filter(lambda text: text.strip(BLANKS) != "")
CODE_TEXTS = GIVEN.filter(lambda text: not is_excel_number(text))
MAYBE = st.one_of(st.just(""), TEXTS)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59)).map(
    lambda at: (
        f"{at.day:02}/{at.month:02}/{at.year} {at.hour:02}:{at.minute:02}"
        + (f":{at.second:02}" if at.second and at.microsecond % 4 == 0 else "")
    )
)
MAYBE_A_MOMENT = st.one_of(st.just(""), MOMENTS)
QUANTITIES = st.one_of(st.just(""), st.integers(0, 999_999_999).map(str))
CODE_ROWS = st.builds(
    Code,
    CODE_TEXTS,
    GIVEN,
    start=MAYBE_A_MOMENT,
    expiry=MAYBE_A_MOMENT,
    type=MAYBE,
    quantity=QUANTITIES,
    item=MAYBE,
    parent=MAYBE,
    redeemed=MAYBE_A_MOMENT,
)
YES_NO = st.sampled_from(["Yes", "No"])
TRANSACTION_ROWS = st.tuples(
    *(GIVEN, MOMENTS, CODE_TEXTS, MAYBE, MAYBE, MAYBE, MAYBE, YES_NO, YES_NO)
)
CODE_TABLES = st.lists(CODE_ROWS, min_size=1, max_size=6, unique_by=lambda row: row[:2])
TRANSACTION_TABLES = st.lists(
    TRANSACTION_ROWS, min_size=1, max_size=6, unique_by=lambda row: row[0]
)
DIALECTS = st.one_of(
    st.just(Dialect()),
    st.builds(Dialect, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()),
)


@pytest.fixture(scope="module")
def reused() -> Iterator[dict[str, Store]]:
    """Stores in memory that all tables share, one after the other: opening one takes time."""
    where = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as directory:
        stores = {kind: Store(Path(directory) / kind / "vouchers.duckdb") for kind in COLUMNS}
        for opened in stores.values():
            with opened.cursor() as cursor:
                cursor.execute("set global threads = 1")  # faster for a few rows
        yield stores
        for opened in stores.values():
            opened.close()


def empty(store: Store) -> None:
    with store.writing() as cursor:
        for table in ("codes", "transactions", "imports", "changes", "warnings"):
            cursor.execute(f"delete from vouchers.{table}")  # noqa: S608
    for original in store.originals.iterdir():
        original.unlink()


def imported(store: Store, content: bytes) -> ImportResult:
    path = store.path.with_name("in.csv")
    path.write_bytes(content)
    done = load(store, path)
    assert done.rows == done.new + done.updated + done.unchanged + done.duplicates
    return done


def assert_it_survives(store: Store, kind: str, rows: list[Row], dialect: Dialect) -> None:
    """`dialect` is that of the second import."""
    empty(store)
    table = [COLUMNS[kind], *rows]
    content = csv_bytes(table)
    done = imported(store, content)
    assert (done.kind, done.rows, done.new) == (kind, len(rows), len(rows))
    assert export_bytes(store, kind) == content
    again = csv_bytes(
        table, line_end=dialect.line_end, quote_all=dialect.quote_all, mark=dialect.mark
    )
    assert imported(store, again).unchanged == len(rows)
    assert export_bytes(store, kind) == content


@settings(
    max_examples=TABLES // 2,  # each has a table of either kind
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(CODE_TABLES, TRANSACTION_TABLES, DIALECTS)
@example(
    [Code("1E5"), Code("0012"), Code("=A1"), Code("9" * 40)],
    [Transaction(1, "1E5", ""), Transaction("DF9AF431-\n", "=\r", '"')],
    Dialect("\r\n", True, True),
)
def test_any_table_is_exported_as_imported_and_changes_nothing_when_imported_again(
    reused: dict[str, Store], codes: list[Row], transactions: list[Row], dialect: Dialect
) -> None:
    tables = {"codes": codes, "transactions": transactions}
    with ThreadPoolExecutor(len(tables)) as pool:
        done = [
            pool.submit(assert_it_survives, reused[kind], kind, rows, dialect)
            for kind, rows in tables.items()
        ]
    for one in done:
        one.result()
