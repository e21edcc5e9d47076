"""Parquet files: every value unchanged, with its type."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.store.database import Store
from queries.downloading.job import KINDS
from tests.support.awkward import AWKWARD_IN_EXCEL
from tests.support.exports import csv_text, export_file
from tests.support.read_back import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    expected_rows,
    read_csv,
    read_parquet,
)
from tests.support.rows import Code
from tests.support.stores import import_text


@pytest.mark.parametrize("kind", [*KINDS, "codes_more"])
@pytest.mark.parametrize("query", ["", "group=Email", "group=nobody"])
def test_parquet_holds_what_the_csv_of_the_fixtures_holds(
    loaded: Store, kind: str, query: str
) -> None:
    assert read_parquet(export_file(loaded, kind, "parquet", query)) == read_csv(
        loaded, kind, query
    )


@pytest.mark.parametrize("query", ["", "group=nobody"])
def test_parquet_has_types(loaded: Store, query: str) -> None:
    for kind in KINDS:
        for field in pq.read_schema(export_file(loaded, kind, "parquet", query)):
            if field.name in DATE_COLUMNS:
                assert pa.types.is_timestamp(field.type), field
            elif field.name in NUMBER_COLUMNS:
                assert pa.types.is_integer(field.type), field
            elif field.name in ("Cancelled", "Code Deleted"):
                assert pa.types.is_boolean(field.type), field
            else:
                assert pa.types.is_string(field.type), field


def test_awkward_texts_are_unchanged_in_parquet(store: Store) -> None:
    texts = [text for text in dict.fromkeys(AWKWARD_IN_EXCEL) if text.strip()]
    rows = [Code(text, f"g{text}", item=text, parent=text) for text in texts]
    import_text(store, csv_text("codes", *rows))
    assert read_parquet(export_file(store, "codes", "parquet")) == expected_rows("codes", rows)
