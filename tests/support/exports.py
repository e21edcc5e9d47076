"""The files that a store exports, and what stands in them."""

import csv
import io
from collections import Counter
from datetime import datetime
from pathlib import Path

from data.store.database import Store
from queries.downloading.spool import Spool
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.queries import NOW, filters_of
from tests.support.rows import COLUMNS, HEADERS, Row, csv_bytes


def export_file(
    store: Store, kind: str, form: str, filters: Filters | str = "", now: datetime = NOW
) -> Path:
    """An exported file in the store's scratch folder; filters may be a URL's query."""
    chosen = filters if isinstance(filters, Filters) else filters_of(filters)
    file = store.scratch / f"written-{kind}.{form}"
    with store.cursor() as cursor:
        rows = write(cursor, kind, chosen, now, file, form)
    assert rows >= 0
    return file


def export_bytes(
    store: Store, kind: str, filters: Filters | str = "", now: datetime = NOW
) -> bytes:
    """The bytes of an exported CSV file, which does not stay."""
    file = export_file(store, kind, "csv", filters, now)
    try:
        return file.read_bytes()
    finally:
        file.unlink()


def export_rows(store: Store, kind: str) -> Counter[Row]:
    """The rows of an exported CSV file, in any order."""
    content = export_bytes(store, kind).decode()
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert tuple(header) == COLUMNS[kind]
    return Counter(tuple(row) for row in rows)


def csv_text(kind: str, *rows: Row) -> str:
    """A file of the documented format: header, comma, line feed, quotes only where needed."""
    return HEADERS[kind] + "\n" + csv_bytes(rows).decode()


def read_spool(spool: Spool) -> bytes:
    """All chunks of a spool, which is closed."""
    try:
        return b"".join(iter(spool.chunk, b""))
    finally:
        spool.close()
