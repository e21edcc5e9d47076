"""Keeps the totals of schema.sql exact: made in the same transaction as the rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from data.script import script

ALL, NONE = -1, -2  # in place of an import's ID
TABLES = ("code_totals", "redemption_totals", "site_totals")
TEMPORARY = tuple(
    table.replace("totals", made) for table in TABLES for made in ("before", "changes", "sums")
)


@contextmanager
def kept(cursor: duckdb.DuckDBPyConnection, import_id: int) -> Iterator[None]:
    """Bring the totals up to date with what the block changes.

    The block may change only rows of the import itself, of the codes in the temporary table
    `touched`, and of the keys in `touched_keys`.
    """
    script(cursor, "totals/count", import_id=import_id, sign=-1)
    script(cursor, "totals/set_aside")
    yield
    script(cursor, "repeats")
    script(cursor, "totals/count", import_id=import_id, sign=1)
    script(cursor, "totals/keep")


def recount(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make all totals anew from the rows."""
    script(cursor, "totals/all_rows")
    script(cursor, "totals/count", import_id=NONE, sign=-1)
    script(cursor, "totals/set_aside")
    script(cursor, "repeats")
    script(cursor, "totals/count", import_id=ALL, sign=1)
    script(cursor, "totals/keep")
